// What the requests of a group prove about its budgets, written down beside its runs (spec I6).
#pragma once

#include <kvt/engine/evidence.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <string>

namespace kvt::inline KVT_ABI::harness {

/// Judges every policy's runs together, the full cache among each of them, and stores level and evidence of each run. A
/// receipt counts only if it is in the store, verifies, and answers its own request; a budget went out if it did with every
/// answer.
void record_budgets(store::session& store, std::string const& group);

/// The run's stored evidence; a run without any is a `label` that says so.
[[nodiscard]] engine::budget_evidence budget_of(run_row const& run);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/budgets.ipp>
#endif
