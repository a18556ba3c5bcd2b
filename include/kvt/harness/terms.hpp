// What all requests of a run share: written beside it, compared when it is resumed, and what its receipts must answer.
#pragma once

#include <kvt/engine/engine.hpp>
#include <kvt/harness/schema.hpp>

#include <optional>
#include <string>

namespace kvt::inline KVT_ABI::harness {

/// `kv` without budget (a column of its own) and item (the entry's).
struct run_terms {
    engine::kv_request kv{};
    engine::api endpoint = engine::api::chat;
    std::optional<std::int64_t> seed{};  ///< sent with requests
    std::string model_hash{};            ///< of the weights, where the engine knows it
};
KVT_RECORD(run_terms, kv, endpoint, seed, model_hash);

/// As it is stored in `runs.kv_request`: canonical JSON.
[[nodiscard]] std::string terms_text(run_terms terms);

/// The hash of the model that the run was made with; empty where it is not known.
[[nodiscard]] std::string model_hash_of(run_row const& run);

/// What is wrong with a request's stored receipt, or nothing: it must verify by itself, answer what this request of this
/// run asked for, count the tokens that telemetry counts, and name the model that the run was made with.
[[nodiscard]] std::optional<std::string> receipt_problem(run_row const& run, request_row const& request,
                                                         telemetry_row const& telemetry, receipt_row const& row);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/terms.ipp>
#endif
