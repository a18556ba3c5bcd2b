// One run as analysis holds it in memory: its row, its requests, its bins; and what is read off it.
#pragma once

#include <kvt/analysis/bin_stats.hpp>
#include <kvt/analysis/compare.hpp>
#include <kvt/harness/findings.hpp>
#include <kvt/harness/observe.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

struct measured_run {
    run_row row;
    std::vector<request_record> requests;
    std::vector<analysis::observation> rows;  ///< one a request, in the same order
    std::vector<analysis::bin_stats> bins;

    /// Scores of all requests, or of one bin's; an unanswered request counts as 0.
    [[nodiscard]] std::vector<analysis::entry_score> scores(std::optional<std::int64_t> bin = {}) const;
    [[nodiscard]] double budget() const { return row.kv_budget.value_or(1); }
    [[nodiscard]] analysis::budget_stats curve_point() const;
};

/// The run's requests and answers; `bins` of the result are left to the caller's interval rule.
[[nodiscard]] measured_run measure(store::session& store, run_row const& run, truncation rule);

/// What accuracy means in these runs: the first metric of the scores' version, with its parameters, such as
/// `f1 (multiset)`. Throws `error{mismatch}` where the scores are of several versions.
[[nodiscard]] std::string scored_metric(std::span<measured_run const> runs);

/// The run in a line, without its interval: counts, evidence, bytes and cost.
[[nodiscard]] run_summary summarise(measured_run const& run, analysis::cost_weights weights);

/// The lengths of the run's prompts as the engine counted them, bin by bin.
[[nodiscard]] std::vector<token_spread> prompt_tokens(measured_run const& run);

/// The table row of one bin.
[[nodiscard]] bin_stats_row to_row(measured_run const& run, analysis::bin_stats const& bin, std::string const& metric);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/measured.ipp>
#endif
