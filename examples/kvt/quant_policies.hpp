// The policies that the flags of `kvt quant ...` ask for.
#pragma once

#include "options.hpp"

#include <kvt/core/json.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/range_search.hpp>
#include <kvt/quant/settings.hpp>

namespace cli {

/// Phase 2; throws `invalid_interpolation` and its like.
kvt::quant::kernel_smoothing smoothing_of(quant_options const& q);
/// Phase 3 with a weight of smoothness.
kvt::quant::coordinate_descent descent_of(quant_options const& q, double lambda);
/// Phase 3 by name: what the flags say of it, for the policy that has such parameters.
kvt::json optimizer_parameters(quant_options const& q);
/// The configuration that the flags make up; a group size of any length is the command line's own, and not in it.
kvt::quant::settings settings_of(quant_options const& q);

}  // namespace cli
