// instability: do spread and failures rise in the bins before accuracy collapses? (spec O3.5)
#pragma once

#include <kvt/analysis/detector.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

using optional_values = std::vector<std::optional<double>>;

/// The bins of one budget beside the baseline's, in ascending order; indices are positions in that order.
///
/// A rising standard deviation alone proves nothing: for scores of 0 and 1 it is √(p(1-p)), a function of the mean
/// that peaks at one half. `dispersion_ratio` is std²/(p(1-p)), which is 1 for such scores whatever p is; claim
/// instability only from failures, from this ratio, or from repeated runs.
struct instability_zone {
    double budget = 1;
    optional_values z_std{}, z_fail{}, retention{}, dispersion_ratio{};
    std::optional<std::int64_t> first_collapse_bin{};  ///< the first whose retention is below the limit
    std::vector<std::int64_t> unstable_bins{};
    std::optional<std::int64_t> zone_first{}, zone_last{};  ///< the longest run of neighbouring unstable bins
    bool precedes_collapse = false;                         ///< a collapse exists and an unstable bin lies before it
};
KVT_RECORD(instability_zone, budget, z_std, z_fail, retention, dispersion_ratio, first_collapse_bin, unstable_bins,
           zone_first, zone_last, precedes_collapse);

struct instability_report {
    std::vector<instability_zone> budgets;  ///< every budget below the baseline, descending
};
KVT_RECORD(instability_report, budgets);

/// What the zone is read from, bin by bin; all four of equal length.
struct instability_bins {
    optional_values acc_base, acc, std, fail;
};

namespace detail {
/// (v - mean)/spread over the values that exist; all null where fewer than two exist or all are equal.
[[nodiscard]] optional_values z_scores(optional_values const& values);
/// First and last position of the longest run of consecutive positions, ties to the first run.
[[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> longest_run(std::span<std::int64_t const> positions);
}  // namespace detail

/// Looks, at every budget below the largest, for bins whose spread or failure rate stands out before accuracy
/// collapses with length.
struct instability {
    static constexpr std::string_view name = "instability";
    double z_threshold = 1;           ///< standard deviations above the bins' mean that count as unstable
    double collapse_retention = 0.5;  ///< collapsed below this share of the baseline's accuracy

    [[nodiscard]] instability_zone examine(instability_bins const& bins, double budget) const;
    [[nodiscard]] instability_report operator()(curve runs) const;
};
KVT_RECORD(instability, z_threshold, collapse_retention);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/instability.ipp>
#endif
