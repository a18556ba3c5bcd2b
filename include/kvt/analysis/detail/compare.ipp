#pragma once

#include <kvt/analysis/compare.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/hypothesis.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

namespace kvt::inline KVT_ABI::analysis {

namespace detail {

[[nodiscard]] KVT_DECL std::vector<entry_score> by_entry(std::span<entry_score const> scores) {
    std::vector<entry_score> sorted(scores.begin(), scores.end());
    std::ranges::stable_sort(sorted, {}, &entry_score::entry_idx);
    auto const twice = std::ranges::adjacent_find(sorted, {}, &entry_score::entry_idx);
    if (twice != sorted.end())
        throw error{error_kind::mismatch, "entry " + std::to_string(twice->entry_idx), "scored twice in one run"};
    return sorted;
}

KVT_DECL pairing pair_up(std::span<entry_score const> base, std::span<entry_score const> other, std::string_view label,
                         flip_options const& flips) {
    auto const a = by_entry(base), b = by_entry(other);
    std::vector<double> left, right;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i].entry_idx < b[j].entry_idx) ++i;
        else if (b[j].entry_idx < a[i].entry_idx) ++j;
        else left.push_back(a[i++].score), right.push_back(b[j++].score);
    }
    pairing made{{.n_shared = static_cast<std::int64_t>(left.size()),
                  .n_only_base = static_cast<std::int64_t>(a.size() - left.size()),
                  .n_only_other = static_cast<std::int64_t>(b.size() - left.size())},
                 numeric::differences(right, left)};
    if (left.empty()) return made;
    auto const& d = made.differences;
    auto& out = made.found;
    out.mean_base = numeric::mean(left), out.mean_other = numeric::mean(right), out.difference = numeric::mean(d);
    auto const tails = numeric::sign_flip_all(d, flips.permutations, {flips.seed, "flip|" + std::string{label}});
    out.p_fall = tails->less, out.p_two_sided = tails->two_sided;
    return made;
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::analysis
