// Requests to bin statistics (spec M).
#pragma once

#include <kvt/analysis/bin_stats.hpp>
#include <kvt/numeric/interval.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

namespace detail {

/// A bin's statistics without its interval, and the values its accuracy is the mean of.
struct bin_summary {
    bin_stats stats;
    std::vector<double> accuracies;
};
[[nodiscard]] std::vector<bin_summary> summarise(std::span<observation const> rows, std::span<bin_range const> bins);

}  // namespace detail

/// Statistics of one run: one row for every bin of `bins`, in their order, also where a bin has no request. The rows
/// may come in any order; sums run by `entry_idx`. The interval is of exactly the values that make `acc_mean`; the
/// rule is told `bootstrap|<run_id>|<bin_idx>`, so bins draw independently. A row without `acc` stands in with `em`,
/// then `f1` (rows of databases older than the accuracy column).
/// Throws `error{mismatch}` where a row names a bin that `bins` lacks.
template <numeric::interval_rule Rule>
[[nodiscard]] std::vector<bin_stats> aggregate(std::span<observation const> rows, std::span<bin_range const> bins,
                                               Rule const& rule, std::string_view run_id) {
    std::vector<bin_stats> out;
    for (auto& [stats, accuracies] : detail::summarise(rows, bins)) {
        auto const label = "bootstrap|" + std::string{run_id} + "|" + std::to_string(stats.bin_idx);
        if (auto const range = rule.mean(accuracies, label))
            stats.acc_ci_low = range->low, stats.acc_ci_high = range->high;
        out.push_back(stats);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/aggregate.ipp>
#endif
