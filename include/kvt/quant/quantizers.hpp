// The quantizers that a program can name.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/quant/quantizer.hpp>
#include <kvt/quant/symmetric.hpp>

namespace kvt::inline KVT_ABI::quant {

/// A program of one's own adds to it: `using mine = quant::quantizers::with<"my_grid", my_grid>;`
using quantizers = registry<entry<"asymmetric", asymmetric>, entry<"symmetric", symmetric>>;

}  // namespace kvt::inline KVT_ABI::quant
