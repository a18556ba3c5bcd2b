// Rows of the store joined into what analysis looks at: one observation a request, one interval a bin.
#pragma once

#include <kvt/analysis/bin_stats.hpp>
#include <kvt/harness/integrity.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// Whether an answer cut off at the token limit counts as a failure (it is scored either way).
enum class truncation : std::uint8_t { failure, answer };
KVT_CHOICE(truncation, "failure", "answer");

/// The bins of a dataset, ascending.
[[nodiscard]] std::vector<analysis::bin_range> bin_ranges(store::session& store, std::string const& dataset_id);

/// One observation per request of the run, by (bin_idx, entry_idx). A request failed when it has a failure row, or an
/// answer with a label other than TRUNCATED under `truncation::answer`.
[[nodiscard]] std::vector<analysis::observation> observations(store::session& store, run_row const& run, truncation rule);

/// What the integrity summary looks at, one a request of the run.
[[nodiscard]] std::vector<request_check> request_checks(store::session& store, run_row const& run, truncation rule);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/observe.ipp>
#endif
