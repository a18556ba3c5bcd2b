// The configuration as typed records: every key that may stand in a configuration file, with its default (spec A2).
#pragma once

#include <kvt/config/choices.hpp>
#include <kvt/core/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::config {

/// One slice of a sanity set: `n` entries whose length lies within percentiles or within token counts.
struct sanity_slice {
    std::optional<std::string> name;
    std::int64_t n = 0;
    std::optional<double> min_pct, max_pct;
    std::optional<std::int64_t> min_tokens, max_tokens;
};
KVT_RECORD(sanity_slice, name, n, min_pct, max_pct, min_tokens, max_tokens);

struct dataset_settings {
    std::string name = "longbench";
    std::string task = "placeholder_task";  ///< case-sensitive
    std::string source = "longbench";  ///< a registered source: longbench, ruler, recall, constructed_lookup, jsonl
    std::optional<std::string> path;   ///< JSONL file instead of `data/raw/<name>/<task>.jsonl`
    std::int64_t n_per_bin = 5;        ///< entries per bin
    std::optional<std::int64_t> seed;  ///< of the selection's order; null: shortest first
    std::optional<std::int64_t> max_prompt_tokens;                  ///< drops longer rows after binning
    std::optional<std::vector<std::int64_t>> pinned_entry_indices;  ///< rows to use instead of sampling
    std::optional<std::vector<sanity_slice>> sanity_slices;
    duplicates on_duplicate = duplicates::error;  ///< repeated example ids
    json recall, constructed_lookup;              ///< parameters of these generated sources
};
KVT_RECORD(dataset_settings, name, task, source, path, n_per_bin, seed, max_prompt_tokens, pinned_entry_indices,
           sanity_slices, on_duplicate, recall, constructed_lookup);

struct binning_settings {
    std::string type = "quantile";  ///< a registered binning: quantile, fixed
    std::int64_t n_bins = 5;
    std::optional<std::vector<std::int64_t>> ends;  ///< fixed: the last length of each bin
    std::optional<std::int64_t> max_token_len;      ///< drops longer rows before binning
};
KVT_RECORD(binning_settings, type, n_bins, ends, max_token_len);

struct focus_settings {
    std::optional<std::vector<std::int64_t>> focus_bins;
    std::int64_t focus_radius_bins = 0;
    std::optional<std::int64_t> base_n_per_bin, focus_n_per_bin;
};
KVT_RECORD(focus_settings, focus_bins, focus_radius_bins, base_n_per_bin, focus_n_per_bin);

struct sampling_settings {
    sampling_strategy strategy = sampling_strategy::uniform;
    focus_settings focus;
};
KVT_RECORD(sampling_settings, strategy, focus);

struct tokenizer_settings {
    std::optional<std::string> name;  ///< identity of what counts; null: model.name
    std::string mode = "approx_v1";   ///< a registered counter: approx_v1, approx_v2, word
    bool chat_aware = false;          ///< adds the chat overhead to counts
    std::int64_t chat_overhead_per_message = 4;
    std::int64_t chat_overhead_reply = 3;
};
KVT_RECORD(tokenizer_settings, name, mode, chat_aware, chat_overhead_per_message, chat_overhead_reply);

struct model_settings {
    std::string name = "${MODEL_NAME}";
    std::int64_t max_model_len = 8192;  ///< context window, for the prompt guard
};
KVT_RECORD(model_settings, name, max_model_len);

struct request_settings {
    double timeout_s = 120;
    json extra_body;  ///< merged into the request body; `{kv_budget}` and its like are filled in
};
KVT_RECORD(request_settings, timeout_s, extra_body);

/// `max_rpm` is a number, or text that reads as one.
struct rate_limit_settings {
    json max_rpm;
};
KVT_RECORD(rate_limit_settings, max_rpm);

struct engine_settings {
    std::string type = "openai_compat";  ///< a registered engine: openai_compat, embedded, mock
    engine_api api = engine_api::chat;
    std::string base_url = "https://api.openai.com";
    std::string api_key_env = "OPENAI_API_KEY";  ///< name of the variable that holds the key; empty: no key
    json headers;                                ///< extra HTTP headers
    request_settings request;
    rate_limit_settings rate_limit;
    bool stream = false;  ///< measures the time to the first token
    std::optional<std::string>
        model_dir;  ///< embedded: folder with config.json, model.safetensors, tokenizer.json; or `constructed`
    json mock;      ///< parameters of the engine `mock`
    /// embedded: requests share steps; the fields of engine::step_options: chunk_size, max_running, token_budget, threads
    json steps;
    std::optional<std::string> phase_log, step_log;  ///< embedded: files for the logs of shared steps
};
KVT_RECORD(engine_settings, type, api, base_url, api_key_env, headers, request, rate_limit, stream, model_dir, mock,
           steps, phase_log, step_log);

struct kv_settings {
    std::string policy = "snapkv";
    json policies;  ///< list of names or of {name: ..., parameters}; instead of `policy`
    std::vector<double> budgets{1.0, 0.5, 0.2};
    std::optional<kv_mode> mode;  ///< null: the policy's own
    kv_question question_mode = kv_question::query_aware;
    std::int64_t seed = 1337;  ///< of policies that draw
};
KVT_RECORD(kv_settings, policy, policies, budgets, mode, question_mode, seed);

struct decoding_settings {
    double temperature = 0;
    std::int64_t max_tokens = 256;
    std::optional<std::int64_t> seed;  ///< sent with requests
};
KVT_RECORD(decoding_settings, temperature, max_tokens, seed);

/// Replaces decoding.max_tokens in the prompt guard and in the request.
struct generation_settings {
    std::optional<std::int64_t> max_tokens;
};
KVT_RECORD(generation_settings, max_tokens);

struct prompt_settings {
    std::string form = "qa";  ///< key `template`: `qa` (two messages), or `raw` (context and question as one text)
};
/// Named by hand, because the key is a word of C++.
member_list<member<"template", &prompt_settings::form>> kvt_record_members(prompt_settings*);

/// `requests_per_minute` is a number, or text that reads as one.
struct pacing_settings {
    json requests_per_minute;
};
KVT_RECORD(pacing_settings, requests_per_minute);

/// Clamped by the runner: 1..10 calls, base 0.5..60 s, maximum base..300 s.
struct retry_settings {
    std::int64_t max_attempts = 3;
    double backoff_base_s = 2.0;
    double backoff_max_s = 30.0;
};
KVT_RECORD(retry_settings, max_attempts, backoff_base_s, backoff_max_s);

struct run_settings {
    pacing_settings pacing;
    retry_settings retries;
    std::optional<std::int64_t> prompt_buffer;     ///< replaces the safety buffer of the prompt guard
    json runtime_prompt_cap = "computed";          ///< `computed`, or null (no guard), or a number of tokens
    std::optional<std::string> filter_dataset_id;  ///< with the next: run a single entry
    std::optional<std::int64_t> filter_entry_idx;
    bool require_budget_proof = true;
    std::int64_t concurrency = 1;  ///< requests in flight
    bool skip_bad = false;         ///< passes over broken data lines, counting them
};
KVT_RECORD(run_settings, pacing, retries, prompt_buffer, runtime_prompt_cap, filter_dataset_id, filter_entry_idx,
           require_budget_proof, concurrency, skip_bad);

struct output_settings {
    std::string exp_group_id = "dev_default";  ///< letters, digits, `.`, `_`, `-`
};
KVT_RECORD(output_settings, exp_group_id);

struct db_settings {
    std::optional<std::string> path;  ///< null, blank or `auto`: the group's own file
};
KVT_RECORD(db_settings, path);

struct analysis_settings {
    std::int64_t seed = 1337;  ///< of resampling and permutations
    double drop_threshold = 0.15;
    std::int64_t n_boot = 1000;
    double alpha = 0.05;
    random_source rng = random_source::kvt;
};
KVT_RECORD(analysis_settings, seed, drop_threshold, n_boot, alpha, rng);

struct scoring_settings {
    config::primary_metric primary_metric = config::primary_metric::f1;
    token_overlap f1_overlap = token_overlap::multiset;
    bool truncated_is_failure = true;
};
KVT_RECORD(scoring_settings, primary_metric, f1_overlap, truncated_is_failure);

struct report_settings {
    double cost_weight_prompt = 1;
    double cost_weight_completion = 1;
};
KVT_RECORD(report_settings, cost_weight_prompt, cost_weight_completion);

/// Models that one experiment compares (`kvt law`), and the length and size at which a law's level is stated.
struct family_settings {
    std::optional<std::vector<std::string>> models;  ///< folders, as engine.model_dir
    double reference_tokens = 512;
    double reference_parameters = 1e6;
};
KVT_RECORD(family_settings, models, reference_tokens, reference_parameters);

struct settings {
    dataset_settings dataset;
    binning_settings binning;
    sampling_settings sampling;
    tokenizer_settings tokenizer;
    model_settings model;
    engine_settings engine;
    kv_settings kv;
    decoding_settings decoding;
    generation_settings generation;
    prompt_settings prompt;
    run_settings run;
    output_settings output;
    db_settings db;
    analysis_settings analysis;
    scoring_settings scoring;
    report_settings report;
    family_settings family;
    rate_limit_settings rate_limit;  ///< the last alias for pacing; read with a warning
};
KVT_RECORD(settings, dataset, binning, sampling, tokenizer, model, engine, kv, decoding, generation, prompt, run,
           output, db, analysis, scoring, report, family, rate_limit);

/// A policy by its registered name, with the parameters the configuration gives it (null: its defaults).
struct policy_choice {
    std::string name;
    json parameters;
};
KVT_RECORD(policy_choice, name, parameters);

/// The policies of a sweep: `kv.policies`, or `kv.policy` alone. `{name: snapkv, window: 16}` gives parameters; so does
/// `{name: snapkv, params: {window: 16}}`. Throws `error{malformed}` naming `kv.policies[i]`.
[[nodiscard]] std::vector<policy_choice> policies_of(kv_settings const& kv);

/// generation.max_tokens where it is set, else decoding.max_tokens.
[[nodiscard]] inline std::int64_t max_tokens_of(settings const& s) {
    return s.generation.max_tokens.value_or(s.decoding.max_tokens);
}

/// The identity of what counts tokens: tokenizer.name, else model.name.
[[nodiscard]] inline std::string const& tokenizer_name_of(settings const& s) {
    return s.tokenizer.name ? *s.tokenizer.name : s.model.name;
}

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/settings.ipp>
#endif
