// compare: two runs over the entries they share, tested pair by pair.
#pragma once

#include <kvt/numeric/interval.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
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
/// What the interval's rule has no part in, and the differences pair by pair; empty where nothing is shared.
struct pairing {
    comparison found;
    std::vector<double> differences;
};
[[nodiscard]] pairing pair_up(std::span<entry_score const> base, std::span<entry_score const> other,
                              std::string_view label, flip_options const& flips);
}  // namespace detail

/// Compares paired scores, whatever their order. The interval is `rule`'s for the mean difference, told
/// `paired|<label>`; the tests flip signs with the stream of `flip|<label>`. `label` names what is compared, as in
/// `<group>|<budget>|<bin>`. Throws `error{mismatch}` where a run scores an entry twice.
template <numeric::interval_rule Rule>
[[nodiscard]] comparison compare(std::span<entry_score const> base, std::span<entry_score const> other,
                                 Rule const& rule, std::string_view label, flip_options const& flips = {}) {
    auto [out, differences] = detail::pair_up(base, other, label, flips);
    if (differences.empty()) return out;
    if (auto const range = rule.mean(differences, "paired|" + std::string{label}))
        out.ci_low = range->low, out.ci_high = range->high;
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/compare.ipp>
#endif
