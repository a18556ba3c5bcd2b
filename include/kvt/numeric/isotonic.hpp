// Isotonic regression: the closest sequence that never falls.
#pragma once

#include <kvt/core/error.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Minimises Σ w (y - fit)² over non-decreasing fits, by pooling adjacent violators (Ayer et al. 1955; linear time).
/// `y` and `weights` have equal length, weights are positive; throws `error{usage}` otherwise.
[[nodiscard]] std::vector<double> isotonic_fit(std::span<double const> y, std::span<double const> weights);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/isotonic.ipp>
#endif
