// Where accuracy falls with prompt length, at one budget: a changepoint and a hinge (spec O3.2, O3.3).
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>
#include <kvt/numeric/changepoint.hpp>
#include <kvt/numeric/hinge.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// One scored request: its prompt's length in tokens, and its score.
struct item {
    std::int64_t entry_idx = 0, token_len = 0;
    double score = 0;
};
KVT_RECORD(item, entry_idx, token_len, score);

/// Accuracy falls between two neighbouring lengths.
struct length_changepoint {
    std::int64_t k = 0;                                  ///< items before the change
    double statistic = 0, p_value = 1;
    std::int64_t length_before = 0, length_after = 0;    ///< tokens of items k and k+1, counted from 1
};
KVT_RECORD(length_changepoint, k, statistic, p_value, length_before, length_after);

/// Accuracy is level up to `tau_tokens`, then loses `slope_per_doubling` with every doubling of length.
struct length_hinge {
    std::optional<std::int64_t> tau_tokens{};  ///< null where nothing falls
    double level = 0, slope_per_doubling = 0;
    std::optional<double> delta_bic{};
    bool detected = false;                     ///< ΔBIC above 6
};
KVT_RECORD(length_hinge, tau_tokens, level, slope_per_doubling, delta_bic, detected);

/// Items by length, then by entry.
[[nodiscard]] inline std::vector<item> by_length(std::span<item const> items) {
    std::vector<item> sorted(items.begin(), items.end());
    std::ranges::stable_sort(sorted, {}, [](item const& i) { return std::tuple{i.token_len, i.entry_idx}; });
    return sorted;
}

/// The length from which on scores are lower; null for too few items or equal scores. `margin` is the smallest group.
[[nodiscard]] inline std::optional<length_changepoint> find_length_changepoint(std::span<item const> items,
                                                                               std::int64_t margin,
                                                                               std::int64_t permutations,
                                                                               random_stream stream) {
    auto const sorted = by_length(items);
    std::vector<double> scores;
    for (auto const& i : sorted) scores.push_back(i.score);
    auto const found = numeric::falling_changepoint(scores, margin, permutations, stream);
    if (!found) return std::nullopt;
    auto const at = static_cast<std::size_t>(found->k);
    return length_changepoint{found->k, found->statistic, found->p_value, sorted[at - 1].token_len,
                              sorted[at].token_len};
}

/// The hinge over log2 of the length; null for no items. Lengths must be positive.
[[nodiscard]] inline std::optional<length_hinge> find_length_hinge(std::span<item const> items) {
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
