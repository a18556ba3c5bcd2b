// What one run measured: a row a request, and a row a length bin.
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// One request as aggregation sees it.
struct observation {
    std::int64_t entry_idx = 0;
    std::optional<std::int64_t> bin_idx{};  ///< null: not in the manifest, ignored
    std::optional<double> em{}, f1{}, acc{};  ///< null: not scored
    bool failed = false;                  ///< a failure row, or a label that counts as one
    std::optional<double> latency_s{}, total_tokens{};
};
KVT_RECORD(observation, entry_idx, bin_idx, em, f1, acc, failed, latency_s, total_tokens);

/// A bin of the manifest: a closed interval of prompt lengths in tokens.
struct bin_range {
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0;
};
KVT_RECORD(bin_range, bin_idx, token_min, token_max);

/// Aggregates of one bin of one run. `n` counts scored requests, `n_total` all of them; plain means are over the
/// scored ones, `_all` means count every other request as 0. Null where there is nothing to average.
struct bin_stats {
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0;
    std::int64_t n = 0, n_total = 0, n_failed = 0;
    std::optional<double> acc_mean{}, acc_std{}, acc_ci_low{}, acc_ci_high{}, em_mean{}, f1_mean{}, f1_std{};
    std::optional<double> acc_mean_all{}, f1_mean_all{};
    std::optional<double> fail_rate{};                                 ///< n_failed / n_total
    std::optional<double> lat_p50{}, lat_p95{}, tok_p50{}, tok_p95{};  ///< seconds; total tokens
};
KVT_RECORD(bin_stats, bin_idx, token_min, token_max, n, n_total, n_failed, acc_mean, acc_std, acc_ci_low, acc_ci_high,
           em_mean, f1_mean, f1_std, acc_mean_all, f1_mean_all, fail_rate, lat_p50, lat_p95, tok_p50, tok_p95);

/// One run of a policy's sweep: the bins at one budget.
struct budget_stats {
    std::string run_id{};
    double budget = 1;
    std::vector<bin_stats> bins{};
};
KVT_RECORD(budget_stats, run_id, budget, bins);

}  // namespace kvt::inline KVT_ABI::analysis
