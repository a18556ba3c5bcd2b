// Accuracies by budget, from the largest down: what the drop detectors share.
#pragma once

#include <kvt/analysis/detail/ordered.hpp>
#include <kvt/numeric/moments.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::analysis::detail {

/// One budget with at least one measured bin, bins in ascending order.
struct level {
    double budget = 1;
    std::vector<std::int64_t> bins;
    std::vector<double> accuracies;
};

/// The runs that have a measured bin, budgets descending; equal budgets keep their order.
[[nodiscard]] inline std::vector<level> levels(curve runs, std::optional<double> bin_stats::*accuracy) {
    std::vector<level> out;
    for (auto const& run : ordered(runs)) {
        level next{run.budget, {}, {}};
        for (auto const& bin : run.bins)
            if (auto const& value = bin.*accuracy) next.bins.push_back(bin.bin_idx), next.accuracies.push_back(*value);
        if (!next.bins.empty()) out.push_back(std::move(next));
    }
    return out;
}

/// The two budgets restricted to the bins measured at both.
[[nodiscard]] inline std::pair<level, level> shared(level const& a, level const& b) {
    std::pair<level, level> out{{a.budget, {}, {}}, {b.budget, {}, {}}};
    for (std::size_t i = 0, j = 0; i < a.bins.size() && j < b.bins.size();) {
        if (a.bins[i] < b.bins[j]) ++i;
        else if (b.bins[j] < a.bins[i]) ++j;
        else {
            out.first.bins.push_back(a.bins[i]), out.first.accuracies.push_back(a.accuracies[i++]);
            out.second.bins.push_back(b.bins[j]), out.second.accuracies.push_back(b.accuracies[j++]);
        }
    }
    return out;
}

/// The shared bin with the largest fall above 0, ties to the lowest; null where none falls.
[[nodiscard]] inline std::optional<std::int64_t> hardest_hit(level const& pre, level const& post) {
    auto const [a, b] = shared(pre, post);
    std::optional<std::int64_t> worst;
    double largest = 0;
    for (std::size_t i = 0; i < a.bins.size(); ++i)
        if (double const fall = a.accuracies[i] - b.accuracies[i]; fall > largest) largest = fall, worst = a.bins[i];
    return worst;
}

/// The transition from `pre` to `post` where their mean accuracies fall by at least `threshold`, else null. The
/// comparison is of doubles, without a tolerance (spec O1).
[[nodiscard]] inline std::optional<transition> fall(level const& pre, level const& post, double threshold,
                                                    std::string_view method) {
    double const before = *numeric::mean(pre.accuracies), after = *numeric::mean(post.accuracies);
    double const drop = before - after;
    if (!(drop >= threshold)) return std::nullopt;
    return transition{post.budget, pre.budget, before, after, drop, hardest_hit(pre, post), std::string{method}};
}

/// The first fall between neighbouring budgets.
[[nodiscard]] inline transition first_step(std::vector<level> const& runs, double threshold, std::string_view method) {
    for (std::size_t i = 1; i < runs.size(); ++i)
        if (auto found = fall(runs[i - 1], runs[i], threshold, method)) return *found;
    return {.method = std::string{method}};
}

}  // namespace kvt::inline KVT_ABI::analysis::detail
