// The rows an experiment is made of: one record a table (spec H1). The store is the source of truth.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/store/store.hpp>

#include <optional>
#include <string>

namespace kvt::inline KVT_ABI::harness {

using optional_text = std::optional<std::string>;
using optional_integer = std::optional<std::int64_t>;
using optional_real = std::optional<double>;

/// One experiment group: one database, one report.
struct experiment_row {
    std::string exp_group_id;
    optional_text created_at, config_yaml, git_hash, notes, config_hash;
};
KVT_RECORD(experiment_row, exp_group_id, created_at, config_yaml, git_hash, notes, config_hash);
KVT_TABLE(experiment_row, "experiments", .key("exp_group_id"));

struct dataset_row {
    std::string dataset_id, name, task;
    optional_text tokenizer_name, created_at, token_mode, manifest_hash;
    optional_integer n_rows;
};
KVT_RECORD(dataset_row, dataset_id, name, task, tokenizer_name, created_at, token_mode, manifest_hash, n_rows);
KVT_TABLE(dataset_row, "datasets", .key("dataset_id"));

struct example_row {
    std::string example_id, dataset_id, question, context, answers_json, meta_json;
    std::int64_t token_len = 0;
};
KVT_RECORD(example_row, example_id, dataset_id, question, context, answers_json, meta_json, token_len);
KVT_TABLE(example_row, "examples",
          .key({"dataset_id", "example_id"})
              .refers("dataset_id", "datasets")
              .indexed("idx_examples_dataset_id", "dataset_id"));

/// A closed token-length interval; `n_examples` counts the selected entries.
struct bin_row {
    std::string dataset_id;
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0, n_examples = 0;
};
KVT_RECORD(bin_row, dataset_id, bin_idx, token_min, token_max, n_examples);
KVT_TABLE(bin_row, "bins", .key({"dataset_id", "bin_idx"}).refers("dataset_id", "datasets"));

/// One prompt of the manifest.
struct entry_row {
    std::string dataset_id;
    std::int64_t entry_idx = 0;
    std::string example_id;
    std::int64_t bin_idx = 0, token_len = 0;
};
KVT_RECORD(entry_row, dataset_id, entry_idx, example_id, bin_idx, token_len);
KVT_TABLE(entry_row, "manifest_entries",
          .key({"dataset_id", "entry_idx"})
              .refers("dataset_id", "datasets")
              .refers({"dataset_id", "example_id"}, "examples")
              .indexed("idx_manifest_entries_dataset_bin", {"dataset_id", "bin_idx"}));

/// One pass over the manifest with one policy at one budget. `kv_request` is what its requests share, as canonical JSON
/// (see harness/terms.hpp), so that a resumed run can be compared with what it resumes.
struct run_row {
    std::string run_id;
    optional_text exp_group_id, kv_policy;
    optional_real kv_budget;
    optional_text engine_name, base_url, model_name, prompt_template_version, created_at, manifest_hash, dataset_id,
        status, budget_level, budget_evidence, finished_at, kv_request;
};
KVT_RECORD(run_row, run_id, exp_group_id, kv_policy, kv_budget, engine_name, base_url, model_name,
           prompt_template_version, created_at, manifest_hash, dataset_id, status, budget_level, budget_evidence,
           finished_at, kv_request);
KVT_TABLE(run_row, "runs",
          .key("run_id")
              .refers("exp_group_id", "experiments")
              .indexed("idx_runs_group_budget", {"exp_group_id", "kv_budget"}));

struct request_row {
    std::string request_id, run_id, dataset_id;
    std::int64_t entry_idx = 0;
    std::string example_id, messages_json;
    optional_real temperature;
    optional_integer max_tokens;
    optional_real timeout_s;
    optional_text created_at, prompt_sha256, extra_body_json;
};
KVT_RECORD(request_row, request_id, run_id, dataset_id, entry_idx, example_id, messages_json, temperature, max_tokens,
           timeout_s, created_at, prompt_sha256, extra_body_json);
KVT_TABLE(request_row, "requests",
          .key("request_id")
              .refers("run_id", "runs")
              .refers("dataset_id", "datasets")
              .refers({"dataset_id", "example_id"}, "examples")
              .unique({"run_id", "entry_idx"})
              .indexed("idx_requests_run_id", "run_id")
              .indexed("idx_requests_dataset_entry", {"dataset_id", "entry_idx"}));

struct response_row {
    std::string response_id, request_id;
    optional_text text, finish_reason, usage_json, raw_json, created_at, failure_label;
};
KVT_RECORD(response_row, response_id, request_id, text, finish_reason, usage_json, raw_json, created_at, failure_label);
KVT_TABLE(response_row, "responses", .key("response_id").refers("request_id", "requests").unique("request_id"));

/// `evidence` is the engine's proof for this request (none, acknowledged or receipts), `budget_sent` whether its budget went
/// out (no or yes).
struct telemetry_row {
    std::string request_id;
    optional_real latency_s, ttfb_s;
    optional_integer prompt_tokens, completion_tokens, total_tokens;
    optional_text notes_json;
    optional_real start_s;
    optional_integer attempts, kv_retained_tokens, kv_total_tokens;
    optional_text evidence, budget_sent;
};
KVT_RECORD(telemetry_row, request_id, latency_s, ttfb_s, prompt_tokens, completion_tokens, total_tokens, notes_json,
           start_s, attempts, kv_retained_tokens, kv_total_tokens, evidence, budget_sent);
KVT_TABLE(telemetry_row, "telemetry", .key("request_id").refers("request_id", "requests"));

struct failure_row {
    std::string request_id;
    optional_text error_type, message;
    optional_integer http_status, attempts;
};
KVT_RECORD(failure_row, request_id, error_type, message, http_status, attempts);
KVT_TABLE(failure_row, "failures", .key("request_id").refers("request_id", "requests"));

/// What was kept of the request's KV cache, as the engine proved it.
struct receipt_row {
    std::string request_id, receipt_json, hash;
    std::int64_t bytes_full = 0, bytes_kept = 0;
};
KVT_RECORD(receipt_row, request_id, receipt_json, hash, bytes_full, bytes_kept);
KVT_TABLE(receipt_row, "receipts", .key("request_id").refers("request_id", "requests"));

struct score_row {
    std::string request_id;
    double em = 0, f1 = 0;
    optional_real acc;
    optional_text pred_norm, gold_norm;
    optional_real f1_set, f1_multiset, task_score;
    optional_integer scorable;
    optional_text reason, metric_version;
};
KVT_RECORD(score_row, request_id, em, f1, acc, pred_norm, gold_norm, f1_set, f1_multiset, task_score, scorable, reason,
           metric_version);
KVT_TABLE(score_row, "scores", .key("request_id").refers("request_id", "requests"));

struct bin_stats_row {
    std::string run_id, dataset_id;
    std::int64_t bin_idx = 0;
    optional_integer token_min, token_max, n;
    optional_real acc_mean, acc_std, acc_ci_low, acc_ci_high, em_mean, fail_rate, lat_p50, lat_p95, tok_p50, tok_p95;
    optional_integer n_total, n_failed;
    optional_real acc_mean_all, f1_mean_all;
    optional_text metric;
};
KVT_RECORD(bin_stats_row, run_id, dataset_id, bin_idx, token_min, token_max, n, acc_mean, acc_std, acc_ci_low,
           acc_ci_high, em_mean, fail_rate, lat_p50, lat_p95, tok_p50, tok_p95, n_total, n_failed, acc_mean_all,
           f1_mean_all, metric);
KVT_TABLE(bin_stats_row, "bin_stats",
          .key({"run_id", "bin_idx"})
              .refers("run_id", "runs")
              .refers("dataset_id", "datasets")
              .indexed("idx_bin_stats_run_id", "run_id")
              .indexed("idx_bin_stats_dataset_bin", {"dataset_id", "bin_idx"}));

/// The headline transition of one policy; a group has one for each of its policies.
struct transition_row {
    std::string exp_group_id, kv_policy;
    optional_text method;
    optional_real drop_threshold, pre_budget, transition_budget, acc_pre, acc_post, drop;
    optional_integer transition_bin_idx;
    optional_text created_at;
};
KVT_RECORD(transition_row, exp_group_id, kv_policy, method, drop_threshold, pre_budget, transition_budget, acc_pre,
           acc_post, drop, transition_bin_idx, created_at);
KVT_TABLE(transition_row, "transition_summary",
          .key({"exp_group_id", "kv_policy"}).refers("exp_group_id", "experiments"));

/// One further detector's or comparison's result, as JSON.
struct detector_row {
    std::string exp_group_id, method, result_json, created_at;
};
KVT_RECORD(detector_row, exp_group_id, method, result_json, created_at);
KVT_TABLE(detector_row, "detector_results", .key({"exp_group_id", "method"}));

struct stage_cache_row {
    std::string exp_group_id, stage, config_hash, inputs_hash, updated_at;
};
KVT_RECORD(stage_cache_row, exp_group_id, stage, config_hash, inputs_hash, updated_at);
KVT_TABLE(stage_cache_row, "stage_cache", .key({"exp_group_id", "stage"}));

struct token_cache_row {
    std::string tokenizer, text_sha256;
    std::int64_t n = 0;
};
KVT_RECORD(token_cache_row, tokenizer, text_sha256, n);
KVT_TABLE(token_cache_row, "token_cache", .key({"tokenizer", "text_sha256"}));

/// Matches the rows that belong to a run's requests, in tables with a `request_id`.
[[nodiscard]] store::where requests_of_run(std::string const& run_id);
/// Matches the rows that belong to a group's runs, in tables with a `run_id`.
[[nodiscard]] store::where runs_of_group(std::string const& group);

/// Calls `f.template operator()<Row>()` for every table of an experiment's database, parents first.
template <class F> void each_table(F&& f) {
    f.template operator()<experiment_row>();
    f.template operator()<dataset_row>();
    f.template operator()<example_row>();
    f.template operator()<bin_row>();
    f.template operator()<entry_row>();
    f.template operator()<run_row>();
    f.template operator()<request_row>();
    f.template operator()<response_row>();
    f.template operator()<telemetry_row>();
    f.template operator()<failure_row>();
    f.template operator()<receipt_row>();
    f.template operator()<score_row>();
    f.template operator()<bin_stats_row>();
    f.template operator()<transition_row>();
    f.template operator()<detector_row>();
    f.template operator()<stage_cache_row>();
    f.template operator()<token_cache_row>();
}

/// Creates the tables; idempotent, adds the columns an older file lacks.
template <store::row_store S> void create_all(S& store) {
    store::transaction(store, [&] { each_table([&]<class Row>() { store.create(store::table_of<Row>()); }); });
}

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/schema.ipp>
#endif
