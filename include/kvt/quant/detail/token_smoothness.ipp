// Definitions of quant/token_smoothness.hpp.
#pragma once

#include <kvt/quant/smoothness.hpp>
#include <kvt/quant/token_smoothness.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL token_smoothness smoothness_of(token_groups const& groups, std::int32_t bits) {
    auto const metric = headline_for(bits);
    auto const columns = static_cast<double>(groups.columns);
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
        for (std::size_t i = 0; i < out.boundaries.size(); ++i) out.boundaries[i] += one.boundary_scores[i] / columns;
        out.columns.push_back(one.score);
        out.score += one.score / columns;
        out.headline += metric(scale, zero_point).score / columns;
    }
    if (out.columns.empty()) return out;
    auto const worst = std::ranges::min_element(out.columns);
    out.worst = *worst, out.worst_column = worst - out.columns.begin();
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
