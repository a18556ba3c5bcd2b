// Definitions of quant/token_smoothness.hpp.
#pragma once

#include <kvt/quant/smoothness.hpp>
#include <kvt/quant/token_smoothness.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The weights as shares of 1.
KVT_DECL std::vector<double> column_shares(std::int64_t columns, std::span<double const> weights) {
    auto const n = static_cast<std::size_t>(columns);
    if (!weights.empty() && weights.size() != n)
        throw quant_error{fault::length_mismatch, "column weights", std::to_string(weights.size()),
                          std::to_string(columns)};
    for (std::size_t c = 0; c < weights.size(); ++c)
        if (!(weights[c] >= 0) || !std::isfinite(weights[c]))
            throw quant_error{fault::invalid_weight, "column weight " + std::to_string(c), std::to_string(weights[c]),
                              "a finite number, 0 or more"};
    double const total = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<double> out(n, 1 / static_cast<double>(columns));
    for (std::size_t c = 0; c < weights.size() && total > 0; ++c) out[c] = weights[c] / total;
    return out;
}

}  // namespace detail

KVT_DECL token_smoothness smoothness_of(token_groups const& groups, std::int32_t bits,
                                        std::span<double const> weights) {
    auto const metric = headline_for(bits);
    auto const shares = detail::column_shares(groups.columns, weights);
    token_smoothness out{.score = groups.columns == 0 ? 1.0 : 0.0, .headline = groups.columns == 0 ? 1.0 : 0.0};
    std::vector<double> scale, lo, zero_point;
    for (std::int64_t c = 0; c < groups.columns; ++c) {
        scale.clear(), lo.clear(), zero_point.clear();
        for (std::int64_t r = 0; r < groups.rows(); ++r) {
            auto const& a = groups.at(r, c);
            scale.push_back(a.scale), lo.push_back(a.offset), zero_point.push_back(a.zero_point());
        }
        auto const one = bounded{}(scale, lo, bits);
        out.boundaries.resize(one.boundary_scores.size());
        double const share = shares[static_cast<std::size_t>(c)];
        for (std::size_t i = 0; i < out.boundaries.size(); ++i) out.boundaries[i] += one.boundary_scores[i] * share;
        out.columns.push_back(one.score);
        out.score += one.score * share;
        out.headline += metric(scale, zero_point).score * share;
    }
    if (out.columns.empty()) return out;
    auto const worst = std::ranges::min_element(out.columns);
    out.worst = *worst, out.worst_column = worst - out.columns.begin();
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
