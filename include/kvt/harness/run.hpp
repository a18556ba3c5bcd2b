// run: prepared -> executed. Every entry of the manifest asked of an engine at every budget of a sweep.
#pragma once

#include <kvt/cache/sweep.hpp>
#include <kvt/core/context.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/ledger.hpp>
#include <kvt/harness/pace.hpp>
#include <kvt/harness/prompt.hpp>
#include <kvt/harness/retry.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// How answers are drawn.
struct decoding {
    double temperature = 0;
    std::int64_t max_tokens = 256;
    double timeout_s = 120;
    std::optional<std::int64_t> seed;
};
KVT_RECORD(decoding, temperature, max_tokens, timeout_s, seed);

/// Everything about a run that is neither the engine nor the sweep.
struct run_options {
    harness::decoding decoding;
    std::string prompt_template = "qa";           ///< see harness/prompt.hpp
    engine::api endpoint = engine::api::chat;
    json extra_body;                              ///< may hold templates, spec I5
    retry_policy retries;
    std::optional<std::int64_t> requests_per_minute;
    std::optional<std::int64_t> prompt_cap;       ///< tokens; longer prompts are not sent (spec I8)
    std::int64_t concurrency = 1;
    rerun on_rerun = rerun::refuse;
    bool require_budget_proof = true;             ///< stops before a budget below 1 that the engine cannot prove
    std::optional<std::int64_t> only_entry;       ///< restricts to one entry
};
KVT_RECORD(run_options, decoding, prompt_template, endpoint, extra_body, retries, requests_per_minute, prompt_cap, concurrency,
           on_rerun, require_budget_proof, only_entry);
