// Percentiles by linear interpolation between order statistics.
#pragma once

#include <kvt/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// The point that lies `weight` of the way from one order statistic to the next.
[[nodiscard]] constexpr double percentile_between(double low, double high, double weight) {
    return low * (1 - weight) + high * weight;
}

/// The percentile of values that are sorted already; `p` in [0, 1]. With h = (n-1)p, the value at h, interpolated
/// linearly between its neighbours (Hyndman and Fan 1996, type 7). Null for no values.
[[nodiscard]] inline std::optional<double> percentile_sorted(std::span<double const> sorted, double p) {
    if (!(p >= 0 && p <= 1)) throw error{error_kind::usage, "percentile", "p lies outside [0, 1]"};
    if (sorted.empty()) return std::nullopt;
    double const h = static_cast<double>(sorted.size() - 1) * p;
    double const below = std::floor(h), above = std::ceil(h);
    double const low = sorted[static_cast<std::size_t>(below)];
    if (below == above) return low;
    return percentile_between(low, sorted[static_cast<std::size_t>(above)], h - below);
}

namespace detail {
[[nodiscard]] inline std::vector<double> checked_copy(std::span<double const> values) {
    if (std::ranges::any_of(values, [](double v) { return std::isnan(v); }))
        throw error{error_kind::usage, "percentile", "a value is not a number"};
    return {values.begin(), values.end()};
}
}  // namespace detail

/// The percentile of values in any order, without sorting them; null for no values. Throws `error{usage}` where a value is
/// not a number.
[[nodiscard]] inline std::optional<double> percentile(std::span<double const> values, double p) {
    auto copy = detail::checked_copy(values);
    if (copy.empty() || !(p >= 0 && p <= 1)) return percentile_sorted({}, p);
    double const h = static_cast<double>(copy.size() - 1) * p, below = std::floor(h);
    auto const at = copy.begin() + static_cast<std::ptrdiff_t>(below);
    std::ranges::nth_element(copy, at);
    if (h == below) return *at;
    return percentile_between(*at, *std::min_element(at + 1, copy.end()), h - below);
}

/// Several percentiles of the same values, which are sorted once; empty for no values.
[[nodiscard]] inline std::vector<double> percentiles(std::span<double const> values, std::span<double const> shares) {
    auto sorted = detail::checked_copy(values);
    std::ranges::sort(sorted);
    std::vector<double> out;
    for (double const p : shares)
        if (auto const v = percentile_sorted(sorted, p)) out.push_back(*v);
    return out;
}

/// The middle value; null for no values.
[[nodiscard]] inline std::optional<double> median(std::span<double const> values) { return percentile(values, 0.5); }

}  // namespace kvt::inline KVT_ABI::numeric
