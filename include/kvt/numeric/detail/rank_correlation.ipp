// Definitions of numeric/rank_correlation.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/rank_correlation.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace kvt::inline KVT_ABI::numeric {

KVT_DECL std::vector<double> ranks(std::span<double const> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> out(values.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from + 1;
        while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
        for (std::size_t i = from; i < to; ++i) out[order[i]] = static_cast<double>(from + 1 + to) / 2;
        from = to;
    }
    return out;
}

KVT_DECL std::optional<double> correlation(std::span<double const> a, std::span<double const> b) {
    if (a.size() != b.size()) throw error{error_kind::usage, "correlation", "the two sides differ in length"};
    if (a.size() < 2) return std::nullopt;
    auto const n = static_cast<double>(a.size());
    double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) mean_a += a[i] / n, mean_b += b[i] / n;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const x = a[i] - mean_a, y = b[i] - mean_b;
        aa += x * x, bb += y * y, ab += x * y;
    }
    if (!(aa > 0 && bb > 0)) return std::nullopt;
    return std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
}

KVT_DECL std::optional<double> spearman(std::span<double const> a, std::span<double const> b) {
    return correlation(ranks(a), ranks(b));
}

KVT_DECL std::optional<double> partial_spearman(std::span<double const> a, std::span<double const> b,
                                                std::span<double const> given) {
    auto const ab = spearman(a, b), ac = spearman(a, given), bc = spearman(b, given);
    if (!ab || !ac || !bc) return std::nullopt;
    double const left = (1 - *ac * *ac) * (1 - *bc * *bc);
    if (left < 1e-12) return std::nullopt;
    return std::clamp((*ab - *ac * *bc) / std::sqrt(left), -1.0, 1.0);
}

}  // namespace kvt::inline KVT_ABI::numeric
