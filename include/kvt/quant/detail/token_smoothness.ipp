// Definitions of quant/token_smoothness.hpp.
#pragma once

#include <kvt/quant/token_smoothness.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL double bounded_boundary(affine const& left, affine const& right, std::int32_t bits) {
    double const widest = std::max(left.scale, right.scale), moved = std::abs(right.offset - left.offset);
    double const scale_jump = widest == 0 ? 0 : std::abs(right.scale - left.scale) / widest;
    double const offset_jump = moved == 0 ? 0 : widest == 0 ? 1 : std::min(1.0, moved / (widest * top_code(bits)));
    return 1 - (scale_jump + offset_jump) / 2;
}

KVT_DECL token_smoothness smoothness_of(token_groups const& groups, std::int32_t bits) {
    check_bits(bits);
    auto const columns = static_cast<std::size_t>(groups.columns);
    token_smoothness out{.columns = std::vector<double>(columns, 1.0)};
    std::int64_t const boundaries = groups.rows() - 1;
    if (columns == 0 || boundaries < 1) return out;
    std::ranges::fill(out.columns, 0.0);
    for (std::int64_t i = 0; i < boundaries; ++i) {
        double sum = 0;
        for (std::int64_t c = 0; c < groups.columns; ++c) {
            double const one = bounded_boundary(groups.at(i, c), groups.at(i + 1, c), bits);
            sum += one;
            out.columns[static_cast<std::size_t>(c)] += one / static_cast<double>(boundaries);
        }
        out.boundaries.push_back(sum / static_cast<double>(columns));
    }
    double total = 0;
    for (double const c : out.columns) total += c;
    out.score = total / static_cast<double>(columns);
    auto const worst = std::ranges::min_element(out.columns);
    out.worst = *worst, out.worst_column = worst - out.columns.begin();
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
