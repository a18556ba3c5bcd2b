// What a run is asked to do beside engine and sweep, and the requests that follow from it.
#pragma once

#include <kvt/cache/sweep.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/ledger.hpp>
#include <kvt/harness/retry.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// How answers are drawn.
struct decoding {
    double temperature = 0;
    std::int64_t max_tokens = 256;
    double timeout_s = 120;
    std::optional<std::int64_t> seed{};
};
KVT_RECORD(decoding, temperature, max_tokens, timeout_s, seed);

/// Whether a budget below 1 needs an engine that can prove it.
enum class budget_proof : std::uint8_t { required, waived };
KVT_CHOICE(budget_proof, "required", "waived");

struct run_options {
    harness::decoding decoding{};
    std::string prompt_template = "qa";  ///< see harness/prompt.hpp
    engine::api endpoint = engine::api::chat;
    json extra_body{};        ///< may hold templates, spec I5
    json shown_extra_body{};  ///< as it is stored, secrets redacted; null: the same
    retry_policy retries{};
    std::optional<std::int64_t> requests_per_minute{};
    std::optional<std::int64_t> prompt_cap{};  ///< tokens; longer prompts are not sent
    std::int64_t concurrency = 1;              ///< requests in flight; 0: one for each processor
    rerun on_rerun = rerun::refuse;
    budget_proof proof = budget_proof::required;
    std::optional<std::int64_t> only_entry{};  ///< restricts every run to one entry
};
KVT_RECORD(run_options, decoding, prompt_template, endpoint, extra_body, shown_extra_body, retries, requests_per_minute,
           prompt_cap, concurrency, on_rerun, proof, only_entry);

/// A run before its first request: its row, what its requests share, and one of their rows for comparison.
struct planned_run {
    run_row row;
    engine::kv_request kv;
    std::string model;
    request_row sample;
};

/// The runs of the sweep, in its order; nothing is written. Policies with unknown parameters are refused here.
[[nodiscard]] std::vector<planned_run> plan_runs(store::session& store, prepared const& in,
                                                 engine::identity const& engine, cache::sweep const& sweep,
                                                 run_options const& options, std::string const& now);

/// Throws `error{usage}` where a plan has a budget below 1, the engine can prove none, and proof is required.
void require_proof(std::vector<planned_run> const& plans, engine::evidence proof, run_options const& options);

/// Entries without an outcome; the only one where the options name one (throws `error{usage}` where it does not exist).
[[nodiscard]] std::vector<entry_row> entries_to_ask(store::session& store, run_row const& run,
                                                    run_options const& options);

/// A request as it is sent, and as it is stored.
struct made_request {
    engine::request request;
    request_row row;
};
[[nodiscard]] made_request make_request(store::session& store, planned_run const& plan, entry_row const& entry,
                                        run_options const& options, std::string const& now);

/// The failure label of an outcome (spec K), absent where nothing is wrong.
[[nodiscard]] std::optional<std::string> label_of(engine::outcome const& outcome);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/run_options.ipp>
#endif
