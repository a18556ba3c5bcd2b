// time_groups: which consecutive timesteps, or elements, share parameters.
#pragma once

#include <kvt/quant/fault.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The most groups that may be asked for.
inline constexpr std::int64_t most_time_groups = 100;

/// Throws `invalid_time_groups` unless 1..100.
inline void check_time_groups(std::int64_t groups) {
    if (groups < 1 || groups > most_time_groups)
        throw quant_error{fault::invalid_time_groups, std::to_string(groups) + " time groups", "out of range",
                          "1 to " + std::to_string(most_time_groups)};
}

/// Bounds of `min(groups, count)` half-open intervals over 0..count-1: `bounds[k] = floor(k * count / G)`, interval k is
/// `[bounds[k], bounds[k + 1])`; sizes differ by at most one and none is empty (markov-smoothness 1.1). `count` is
/// timesteps, or elements of a flat series. Throws `invalid_time_groups`, and `empty_input` for a count of 0.
[[nodiscard]] std::vector<std::size_t> balanced_bounds(std::size_t count, std::int64_t groups);

/// Throws `invalid_group_size` unless above 0.
inline void check_group_size(std::int64_t size) {
    if (size < 1)
        throw quant_error{fault::invalid_group_size, "group size " + std::to_string(size), "too small", "1 or more"};
}

/// Every interval of `bounds` cut into consecutive runs of `size`, the last of each as long as what is left. Throws
/// `invalid_group_size`.
[[nodiscard]] std::vector<std::size_t> run_bounds(std::span<std::size_t const> bounds, std::int64_t size);

/// Throws `invalid_time_range` where an interval's start is not before its end, naming it.
void check_bounds(std::span<std::size_t const> bounds);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/time_groups.ipp>
#endif
