// The policies that the flags of `kvt quant ...` ask for.
#pragma once

#include "options.hpp"

#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/range_search.hpp>

namespace cli {

/// Phase 2; throws `invalid_interpolation` and its like.
kvt::quant::kernel_smoothing smoothing_of(quant_options const& q);
/// Phase 3 with a weight of smoothness.
kvt::quant::coordinate_descent descent_of(quant_options const& q, double lambda);

}  // namespace cli
