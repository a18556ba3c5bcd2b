// What analysis found beside the bin statistics: records that the store keeps as JSON and the report only prints.
#pragma once

#include <kvt/analysis/attribution.hpp>
#include <kvt/analysis/compare.hpp>
#include <kvt/analysis/detector.hpp>
#include <kvt/analysis/efficiency.hpp>
#include <kvt/core/record.hpp>
#include <kvt/engine/evidence.hpp>
#include <kvt/harness/integrity.hpp>
#include <kvt/harness/sanity_case.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// One run in a line. Accuracies count unanswered requests as 0; bytes are means over receipts, null without them.
struct run_summary {
    std::string run_id{}, policy{};
    double budget = 1;
    engine::evidence evidence = engine::evidence::none;  ///< the weakest proof of its requests
    engine::budget_level level = engine::budget_level::label;
    std::string unproven{};  ///< why the budget is not proven; empty where it is
    std::int64_t n_requests = 0, n_scored = 0, n_failed = 0;
    std::optional<double> accuracy{}, ci_low{}, ci_high{};  ///< over all requests of the run
    std::optional<double> bins_mean{};                      ///< the unweighted mean over bins that detectors read
    std::optional<double> fail_rate{}, truncated_rate{}, latency_p50{};
    std::optional<double> bytes_full{}, bytes_kept{};
    analysis::efficiency cost{};       ///< no span and no rate where prefills came from memory
    std::int64_t cached_prefills = 0;  ///< taken from memory: their time was not spent in this run
    std::int64_t retries = 0;          ///< calls beyond the first of each request
    integrity_summary integrity{};
};
KVT_RECORD(run_summary, run_id, policy, budget, evidence, level, unproven, n_requests, n_scored, n_failed, accuracy,
           ci_low, ci_high, bins_mean, fail_rate, truncated_rate, latency_p50, bytes_full, bytes_kept, cost,
           cached_prefills, retries, integrity);

/// One bin of a run beside the same prompts of its control. `p_holm` is corrected over all bins and budgets.
struct bin_contrast {
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0;
    analysis::comparison pairs{};
    std::optional<double> p_holm{};
    bool p_is_bound = false;        ///< no permutation fell as far: p is at most p_holm
    analysis::attribution cause{};  ///< by F1: worse answers, or answers that stopped arriving?
};
KVT_RECORD(bin_contrast, bin_idx, token_min, token_max, pairs, p_holm, p_is_bound, cause);

/// A run against a control on the same prompts.
struct contrast {
    std::string run_id{}, policy{};
    double budget = 1;
    std::string control{};  ///< "baseline" or "random"
    std::string control_run{};
    analysis::comparison pairs{};
    std::optional<double> p_holm{};
    bool p_is_bound = false;                      ///< no permutation was as extreme: p is at most p_holm
    std::vector<bin_contrast> bins{};             ///< against the baseline only
    std::optional<analysis::verdict> verdict{};   ///< by F1; null where budgets are not proven applied
    std::optional<engine::noop_check> outputs{};  ///< null where a request of either run had a temperature above 0
};
KVT_RECORD(contrast, run_id, policy, budget, control, control_run, pairs, p_holm, p_is_bound, bins, verdict, outputs);

/// The smallest budget at which a bin still holds; null where it fails at every budget below the baseline.
struct bin_hold {
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0;
    std::optional<double> holds_at{};
    std::optional<double> baseline{};  ///< accuracy at the largest budget
};
KVT_RECORD(bin_hold, bin_idx, token_min, token_max, holds_at, baseline);

/// Where one policy breaks: between `step.pre_budget` (still good) and `step.transition_budget` (no more).
struct zone {
    std::string policy{};
    analysis::transition step{};
    std::optional<double> drop_low{},
        drop_high{};              ///< interval of `step.drop`; null where it is no mean over shared bins
    bool failure_driven = false;  ///< the fall is only there when unanswered requests count as 0
    std::vector<bin_hold> bins{};
    std::optional<double> smallest_budget{};  ///< of the policy's runs
};
KVT_RECORD(zone, policy, step, drop_low, drop_high, failure_driven, bins, smallest_budget);

/// How long the prompts of one bin are to the engine, from the baseline's telemetry.
struct token_spread {
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0;  ///< as the manifest counts
    std::int64_t n = 0;                                      ///< prompts with a count
    std::optional<double> least{}, p50{}, p95{}, most{};
};
KVT_RECORD(token_spread, bin_idx, token_min, token_max, n, least, p50, p95, most);

struct findings {
    std::string group{}, dataset_id{};
    std::string metric{};  ///< what accuracy means, as the scores say
    double threshold = 0.15;
    std::string interval{};                     ///< the rule behind every interval
    std::optional<double> alpha{};              ///< its one minus coverage, where it has that parameter
    std::string baseline_run{};                 ///< what every run is compared with: the full cache if there is one
    double baseline_budget = 1;                 ///< of that run: below 1 it is only the largest
    std::optional<double> baseline_accuracy{};  ///< its mean over bins
    bool baseline_fails = false;                ///< below the threshold: no transition can be read
    bool budgets_proven = true;                 ///< every run below 1 is proven
    integrity_summary integrity{};              ///< of all runs together
    bool partial = false;
    std::vector<std::string> missing{};  ///< what a partial analysis lacks
    std::vector<run_summary> runs{};
    std::vector<zone> zones{};
    std::vector<contrast> contrasts{};
    std::vector<token_spread> prompts{};
    std::vector<sanity_case> sanity{};  ///< where the group has at most 40 prompts
};
KVT_RECORD(findings, group, dataset_id, metric, threshold, interval, alpha, baseline_run, baseline_budget,
           baseline_accuracy, baseline_fails, budgets_proven, integrity, partial, missing, runs, zones, contrasts,
           prompts, sanity);

}  // namespace kvt::inline KVT_ABI::harness
