#pragma once

#include <kvt/numeric/changepoint.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {
/// Calls `f(k, T_k)` with T_k = √(k(n-k)/n)·(mean of the first k - mean of the rest)/spread for k = margin..n-margin.
template <class F> void each_split(std::span<double const> y, std::size_t margin, double spread, F&& f) {
    double const n = static_cast<double>(y.size()), total = sum(y);
    double first = 0;
    for (std::size_t k = 1; k + margin <= y.size(); ++k) {
        first += y[k - 1];
        if (k < margin) continue;
        double const left = static_cast<double>(k), right = n - left;
        f(k, std::sqrt(left * right / n) * (first / left - (total - first) / right) / spread);
    }
}
}  // namespace detail

KVT_DECL std::optional<changepoint> falling_changepoint(std::span<double const> y, std::int64_t margin,
                                                        std::int64_t permutations, random_stream stream) {
    constexpr double tie = 1e-12;
    auto const smallest = static_cast<std::size_t>(margin < 1 ? 1 : margin);
    if (y.size() < 2 * smallest || constant(y)) return std::nullopt;
    double const spread = *population_std(y);
    std::optional<changepoint> best;
    detail::each_split(y, smallest, spread, [&](std::size_t k, double t) {
        if (!best || t > best->statistic + tie) best = changepoint{static_cast<std::int64_t>(k), t};
    });
    std::vector<double> shuffled(y.size());
    std::int64_t extreme = 0;
    for (std::int64_t r = 0; r < permutations; ++r) {
        std::ranges::copy(y, shuffled.begin());
        for (std::size_t i = shuffled.size() - 1; i > 0; --i) std::swap(shuffled[i], shuffled[stream.below(i + 1)]);
        bool reached = false;
        detail::each_split(shuffled, smallest, spread,
                           [&](std::size_t, double t) { reached = reached || t >= best->statistic - tie; });
        extreme += reached;
    }
    best->p_value = static_cast<double>(extreme + 1) / static_cast<double>(permutations + 1);
    return best;
}

}  // namespace kvt::inline KVT_ABI::numeric
