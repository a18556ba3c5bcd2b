#pragma once

#include <kvt/harness/many_tests.hpp>
#include <kvt/numeric/corrections.hpp>

#include <algorithm>
#include <optional>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::int64_t permutations_for(std::size_t family, std::int64_t least) {
    return std::max(least, 20 * 20 * static_cast<std::int64_t>(family));
}

namespace detail {
/// One test of a family: its p-value, and where what comes of it goes.
struct family_test {
    double p;
    std::optional<double>* adjusted;
    bool* is_bound;
};
inline void correct_family(std::vector<family_test> const& family, std::int64_t permutations) {
    std::vector<double> p;
    for (auto const& test : family) p.push_back(test.p);
    auto const adjusted = numeric::holm(p);
    double const floor = 1.0 / static_cast<double>(permutations + 1);
    for (std::size_t i = 0; i < family.size(); ++i)
        *family[i].adjusted = adjusted[i], *family[i].is_bound = p[i] <= floor;
}
}  // namespace detail

KVT_DECL void correct_for_many(std::vector<contrast>& contrasts, std::int64_t permutations_of_runs,
                               std::int64_t permutations_of_bins) {
    std::vector<detail::family_test> runs, bins;
    for (auto& c : contrasts) {
        if (c.pairs.p_two_sided) runs.push_back({*c.pairs.p_two_sided, &c.p_holm, &c.p_is_bound});
        for (auto& b : c.bins)
            if (b.pairs.p_fall) bins.push_back({*b.pairs.p_fall, &b.p_holm, &b.p_is_bound});
    }
    detail::correct_family(runs, permutations_of_runs);
    detail::correct_family(bins, permutations_of_bins);
}

}  // namespace kvt::inline KVT_ABI::harness
