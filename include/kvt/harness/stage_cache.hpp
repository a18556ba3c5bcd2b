// The stage cache: a stage whose configuration, inputs and kvt are those of its last run has nothing to do (spec H6).
#pragma once

#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <string>

namespace kvt::inline KVT_ABI::harness {

/// What scoring looks at: the right answers, and the answer or the failure of every request of these runs. 24 hex digits.
[[nodiscard]] std::string score_inputs(store::session& store, executed const& runs);

/// What analysis looks at: outcomes, scores, telemetry and receipts of the group.
[[nodiscard]] std::string analyze_inputs(store::session& store, executed const& runs);

/// What the report looks at: statistics, transitions and findings of the group.
[[nodiscard]] std::string report_inputs_hash(store::session& store, std::string const& group);

/// Whether the stage was run with this configuration on these inputs before.
[[nodiscard]] bool is_fresh(store::session& store, stage_cache_row const& wanted);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/stage_cache.ipp>
#endif
