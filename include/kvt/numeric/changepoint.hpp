// Where a sequence falls: a one-sided CUSUM statistic with a permutation p-value.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

struct changepoint {
    std::int64_t k = 0;    ///< the first k values lie before the change
    double statistic = 0;  ///< T at k; positive where the values fall
    double p_value = 1;    ///< of a T at least as large in a shuffled sequence
};
KVT_RECORD(changepoint, k, statistic, p_value);

/// The split of `y` (n values in order of length) that maximises T, ties within 1e-12 to the smallest; its p-value
/// from `permutations` shuffles of `y` drawn from `stream` (Fisher and Yates, from the end; spec O3.2). Null where
/// n < 2·margin or all values are equal; `margin` is the smallest segment, at least 1.
[[nodiscard]] std::optional<changepoint> falling_changepoint(std::span<double const> y, std::int64_t margin,
                                                             std::int64_t permutations, random_stream stream);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/changepoint.ipp>
#endif
