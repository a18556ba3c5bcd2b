// Rows of the store joined into what analysis looks at: one observation a request, one interval a bin.
#pragma once

#include <kvt/analysis/bin_stats.hpp>
#include <kvt/harness/integrity.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// Whether an answer cut off at the token limit counts as a failure (it is scored either way).
enum class truncation : std::uint8_t { failure, answer };
KVT_CHOICE(truncation, "failure", "answer");

/// One request with all that came of it. Prompts, raw replies and the details of receipts are not kept: they are large,
/// and nothing here looks at them.
struct request_record {
    std::int64_t entry_idx = 0;
    std::optional<std::int64_t> bin_idx{};  ///< null: not in the manifest
    optional_real temperature{};
    std::optional<response_row> answer{};
    std::optional<failure_row> failure{};
    std::optional<telemetry_row> times{};
    std::optional<score_row> score{};
    std::optional<receipt_row> receipt{};

    /// It has a failure row, or an answer with a label other than TRUNCATED under `truncation::answer`.
    [[nodiscard]] bool failed(truncation rule) const;
};

/// The run's requests by (bin_idx, entry_idx): one query a table, joined in memory.
[[nodiscard]] std::vector<request_record> request_records(store::session& store, run_row const& run);

/// The bins of a dataset, ascending.
[[nodiscard]] std::vector<analysis::bin_range> bin_ranges(store::session& store, std::string const& dataset_id);

/// What aggregation sees of each request.
[[nodiscard]] std::vector<analysis::observation> observations(std::span<request_record const> requests,
                                                              truncation rule);

/// What the integrity summary sees of each request.
[[nodiscard]] std::vector<request_check> request_checks(std::span<request_record const> requests, truncation rule);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/observe.ipp>
#endif
