#pragma once

#include <kvt/analysis/length_trend.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/changepoint.hpp>
#include <kvt/numeric/hinge.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL std::vector<item> by_length(std::span<item const> items) {
    std::vector<item> sorted(items.begin(), items.end());
    std::ranges::stable_sort(sorted, {}, [](item const& i) { return std::tuple{i.token_len, i.entry_idx}; });
    return sorted;
}

KVT_DECL std::optional<length_changepoint> find_length_changepoint(std::span<item const> items, std::int64_t margin,
                                                                   std::int64_t permutations, random_stream stream) {
    auto const sorted = by_length(items);
    std::vector<double> scores;
    for (auto const& i : sorted) scores.push_back(i.score);
    auto const found = numeric::falling_changepoint(scores, margin, permutations, stream);
    if (!found) return std::nullopt;
    auto const at = static_cast<std::size_t>(found->k);
    return length_changepoint{found->k, found->statistic, found->p_value, sorted[at - 1].token_len,
                              sorted[at].token_len};
}

KVT_DECL std::optional<length_hinge> find_length_hinge(std::span<item const> items) {
    std::vector<double> x, y;
    for (auto const& i : by_length(items)) {
        if (i.token_len < 1) throw error{error_kind::usage, "length hinge", "a prompt length is not positive"};
        x.push_back(std::log2(static_cast<double>(i.token_len))), y.push_back(i.score);
    }
    auto const fit = numeric::falling_hinge(x, y);
    if (!fit) return std::nullopt;
    length_hinge out{{}, fit->level, fit->slope, fit->delta_bic, fit->delta_bic.value_or(0) > 6};
    if (fit->knot) out.tau_tokens = std::llround(std::exp2(*fit->knot));
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
