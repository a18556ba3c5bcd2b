// Percentiles by linear interpolation between order statistics.
#pragma once

#include <kvt/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// The percentile of values that are sorted already; `p` in [0, 1]. With h = (n-1)p, the value at h, interpolated
/// linearly between its neighbours (Hyndman and Fan 1996, type 7). Null for no values.
[[nodiscard]] inline std::optional<double> percentile_sorted(std::span<double const> sorted, double p) {
    if (!(p >= 0 && p <= 1)) throw error{error_kind::usage, "percentile", "p lies outside [0, 1]"};
    if (sorted.empty()) return std::nullopt;
    double const h = static_cast<double>(sorted.size() - 1) * p;
    double const below = std::floor(h), above = std::ceil(h);
    double const low = sorted[static_cast<std::size_t>(below)];
    if (below == above) return low;
    double const weight = h - below;
    return low * (1 - weight) + sorted[static_cast<std::size_t>(above)] * weight;
}

/// The percentile of values in any order; null for no values. Throws `error{usage}` where a value is not a number.
[[nodiscard]] inline std::optional<double> percentile(std::span<double const> values, double p) {
    std::vector<double> sorted(values.begin(), values.end());
    if (std::ranges::any_of(sorted, [](double v) { return std::isnan(v); }))
        throw error{error_kind::usage, "percentile", "a value is not a number"};
    std::ranges::sort(sorted);
    return percentile_sorted(sorted, p);
}

/// The middle value; null for no values.
[[nodiscard]] inline std::optional<double> median(std::span<double const> values) { return percentile(values, 0.5); }

}  // namespace kvt::inline KVT_ABI::numeric
