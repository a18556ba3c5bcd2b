// The ledger of a run: what is committed when, so that a request paid for is never lost and never repeated.
#pragma once

#include <kvt/engine/engine.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What `open_run` does with a run that already has requests. `refuse`: stops with a message that names the ways on.
/// `resume`: goes on with the entries that have no outcome, provided nothing that affects inference changed.
/// `retry_failed`: likewise, and asks again for entries whose outcome is a failure without an answer.
/// `replace`: forgets what the run holds and asks everything anew.
enum class rerun : std::uint8_t { refuse, resume, retry_failed, replace };
KVT_CHOICE(rerun, "refuse", "resume", "retry_failed", "replace");

/// Inserts the run's row, or takes the existing one up again; a finished run that needs nothing stays as it is. Guards of spec H2: rerun, template, manifest, model, policy,
/// decoding. Throws `error{mismatch}` naming the run, the column that differs and both values.
void open_run(store::session& store, run_row const& run, request_row const& sample, rerun mode);

/// Entries of the dataset without an outcome (response or failure) in this run, in entry order; under `retry_failed`
/// entries without a response.
[[nodiscard]] std::vector<entry_row> open_entries(store::session& store, run_row const& run, rerun mode);

/// Commits the request row before the call is made; an existing row without an outcome is taken over.
void commit_request(store::session& store, request_row const& request);

/// Commits one request's outcome in one transaction: response with telemetry and receipt, or a failure.
/// `attempts`: calls made for it. `label`: the failure's or the response's label (spec K), absent where none applies.
void commit_outcome(store::session& store, request_row const& request, engine::outcome const& outcome,
                    std::int64_t attempts, std::optional<std::string> label, std::string const& created_at);

/// Marks the run finished when every entry has an outcome, else interrupted; returns whether it is finished.
bool close_run(store::session& store, std::string const& run_id, std::string const& finished_at);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/ledger.ipp>
#endif
