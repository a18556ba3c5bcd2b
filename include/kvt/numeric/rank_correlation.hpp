// Rank correlation: whether what ranks high in one list ranks high in another.
#pragma once

#include <kvt/version.hpp>

#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Ranks from 1 on, ascending; equal values share the mean of their ranks.
[[nodiscard]] std::vector<double> ranks(std::span<double const> values);

/// Pearson's correlation; null for fewer than two values or where a side does not vary. Throws `error{usage}` where the
/// lengths differ.
[[nodiscard]] std::optional<double> correlation(std::span<double const> a, std::span<double const> b);

/// Spearman's: the correlation of the ranks.
[[nodiscard]] std::optional<double> spearman(std::span<double const> a, std::span<double const> b);

/// What is left of the rank correlation of `a` and `b` when what both share with `given` is taken out (the first-order partial
/// correlation of the ranks); null also where one of them is as `given` ranks it.
[[nodiscard]] std::optional<double> partial_spearman(std::span<double const> a, std::span<double const> b,
                                                     std::span<double const> given);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/rank_correlation.ipp>
#endif
