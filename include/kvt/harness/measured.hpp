// One run as analysis holds it in memory: its row, its requests, its bins; and what is read off one run or two.
#pragma once

#include <kvt/analysis/aggregate.hpp>
#include <kvt/analysis/compare.hpp>
#include <kvt/harness/findings.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/observe.hpp>

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
    [[nodiscard]] analysis::budget_stats curve_point() const { return {row.run_id, budget(), bins}; }
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

/// The two runs' answers to the prompts that both answered; null where a request of either had a temperature above 0,
/// at which the same cache need not give the same answer (spec I6).
[[nodiscard]] std::optional<engine::noop_check> same_outputs(measured_run const& one, measured_run const& other);

/// Which requests of a bin its mean is taken over.
enum class averaged : std::uint8_t { scored, all };

/// What each entry adds to the difference of two runs' means in one bin: the entries' mean is the difference of the means
/// itself, and resampling them resamples pairs. With every request scored these are the paired differences; where one
/// run lacks a score, the entry adds what it does to the other's mean (the influence function of a mean). Empty where a
/// run has nothing to count.
[[nodiscard]] std::vector<double> paired_falls(measured_run const& pre, measured_run const& post, std::int64_t bin,
                                               averaged which);

/// For every bin the smallest budget down to which accuracy stays within `threshold` of the baseline's.
[[nodiscard]] std::vector<bin_hold> holds(std::span<measured_run const* const> curve, double threshold);

/// The run beside its baseline, prompt by prompt; empty for groups of more than `most` prompts. A failed request of the
/// shortest bin and a score above the baseline's are flagged.
[[nodiscard]] std::vector<sanity_case> sanity_cases(store::session& store, measured_run const& run,
                                                    measured_run const& base, std::size_t most = 40);

/// How many permutations let a test that none of them reaches stay at 0.05/20 after Holm's correction over `family`
/// tests; at least `least`.
[[nodiscard]] std::int64_t permutations_for(std::size_t family, std::int64_t least);

/// Corrects the one-sided p-values of all bins of all contrasts with the baseline, and those of the contrasts
/// themselves, as one family each (Holm). A p-value at the floor of its test is marked as a bound.
void correct_for_many(std::vector<contrast>& contrasts, std::int64_t permutations_of_runs,
                      std::int64_t permutations_of_bins);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/measured.ipp>
#endif
