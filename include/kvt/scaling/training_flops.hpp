// training_flops: what training costs.
#pragma once

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// `6 N D`: 2 N D for the forward pass, 4 N D for the backward pass (arXiv:2001.08361, section 2.1). In double, because
/// whole numbers would overflow.
[[nodiscard]] constexpr double training_flops(double parameters, double tokens) { return 6 * parameters * tokens; }

}  // namespace kvt::inline KVT_ABI::scaling
