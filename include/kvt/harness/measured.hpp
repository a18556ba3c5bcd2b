// One run as analysis holds it in memory: its row, its requests, its bins, its scores and answers by entry.
#pragma once

#include <kvt/analysis/aggregate.hpp>
#include <kvt/analysis/compare.hpp>
#include <kvt/harness/findings.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/observe.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

struct measured_run {
    run_row row;
    std::vector<analysis::observation> rows;
    std::vector<analysis::bin_stats> bins;
    std::map<std::int64_t, std::string> outputs;  ///< answered entries only

    /// Scores of all requests, or of one bin's; an unanswered request counts as 0.
    [[nodiscard]] std::vector<analysis::entry_score> scores(std::optional<std::int64_t> bin = {}) const;
    [[nodiscard]] analysis::budget_stats curve_point() const { return {row.run_id, row.kv_budget.value_or(1), bins}; }
};

/// The run's requests and answers; `bins` of the result are left to the caller's interval rule.
[[nodiscard]] measured_run measure(store::session& store, run_row const& run, truncation rule);

/// The run in a line, without its interval: counts, evidence, bytes and cost from the store.
[[nodiscard]] run_summary summarise(store::session& store, measured_run const& run, analysis::cost_weights weights);

/// The table row of one bin.
[[nodiscard]] bin_stats_row to_row(measured_run const& run, analysis::bin_stats const& bin, std::string const& metric);

/// Marks contrasts whose outputs are nearly all the same as the control's (spec I6).
void count_identical(contrast& c, measured_run const& run, measured_run const& control);

/// For every bin the smallest budget down to which accuracy stays within `threshold` of the baseline's.
[[nodiscard]] std::vector<bin_hold> holds(std::span<measured_run const* const> curve, double threshold);

/// The run beside its baseline, prompt by prompt; empty for groups of more than `most` prompts. A failed request of the
/// shortest bin and a score above the baseline's are flagged.
[[nodiscard]] std::vector<sanity_case> sanity_cases(store::session& store, measured_run const& run, measured_run const& base,
                                                    std::size_t most = 40);

/// Corrects the one-sided p-values of all bins of all contrasts against the full cache, and of the contrasts themselves,
/// as one family each (Holm).
void correct_for_many(std::vector<contrast>& contrasts);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/measured.ipp>
#endif
