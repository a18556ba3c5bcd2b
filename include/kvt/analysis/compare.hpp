// compare: two runs over the entries they share, tested pair by pair.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/hypothesis.hpp>
#include <kvt/numeric/interval.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// A run's score on one entry of the manifest.
struct entry_score {
    std::int64_t entry_idx = 0;
    double score = 0;
};
KVT_RECORD(entry_score, entry_idx, score);

/// How the other run differs from the base on the entries both have; null where they share none.
struct comparison {
    std::int64_t n_shared = 0, n_only_base = 0, n_only_other = 0;
    std::optional<double> mean_base{}, mean_other{};
    std::optional<double> difference{};  ///< mean_other - mean_base
    std::optional<double> ci_low{}, ci_high{};
    std::optional<double> p_fall{};       ///< one-sided sign-flip test: the other run is worse
    std::optional<double> p_two_sided{};  ///< the runs differ in either direction
};
KVT_RECORD(comparison, n_shared, n_only_base, n_only_other, mean_base, mean_other, difference, ci_low, ci_high, p_fall,
           p_two_sided);

/// Draws of the sign-flip tests.
struct flip_options {
    std::int64_t permutations = 2000;
    std::int64_t seed = 1337;
};
KVT_RECORD(flip_options, permutations, seed);

namespace detail {
[[nodiscard]] inline std::vector<entry_score> by_entry(std::span<entry_score const> scores) {
    std::vector<entry_score> sorted(scores.begin(), scores.end());
    std::ranges::stable_sort(sorted, {}, &entry_score::entry_idx);
    auto const twice = std::ranges::adjacent_find(sorted, {}, &entry_score::entry_idx);
    if (twice != sorted.end())
        throw error{error_kind::mismatch, "entry " + std::to_string(twice->entry_idx), "scored twice in one run"};
    return sorted;
}
}  // namespace detail

/// Compares paired scores, whatever their order. The interval is `rule`'s for the mean difference, told
/// `paired|<label>`; the tests flip signs with the stream of `flip|<label>`. `label` names what is compared, as in
/// `<group>|<budget>|<bin>`. Throws `error{mismatch}` where a run scores an entry twice.
template <numeric::interval_rule Rule>
[[nodiscard]] comparison compare(std::span<entry_score const> base, std::span<entry_score const> other,
                                 Rule const& rule, std::string_view label, flip_options const& flips = {}) {
    auto const a = detail::by_entry(base), b = detail::by_entry(other);
    std::vector<double> left, right;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i].entry_idx < b[j].entry_idx) ++i;
        else if (b[j].entry_idx < a[i].entry_idx) ++j;
        else left.push_back(a[i++].score), right.push_back(b[j++].score);
    }
    comparison out{.n_shared = static_cast<std::int64_t>(left.size()),
                   .n_only_base = static_cast<std::int64_t>(a.size() - left.size()),
                   .n_only_other = static_cast<std::int64_t>(b.size() - left.size())};
    if (left.empty()) return out;
    auto const d = numeric::differences(right, left);
    out.mean_base = numeric::mean(left), out.mean_other = numeric::mean(right), out.difference = numeric::mean(d);
    auto const range = rule.mean(d, "paired|" + std::string{label});
    if (range) out.ci_low = range->low, out.ci_high = range->high;
    auto const tails = numeric::sign_flip_all(d, flips.permutations, {flips.seed, "flip|" + std::string{label}});
    out.p_fall = tails->less, out.p_two_sided = tails->two_sided;
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
