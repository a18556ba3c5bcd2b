// A group's runs as analysis walks them: policy by policy, budgets descending, beside the full cache they share.
#pragma once

#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// The run's rows of one table by request.
template <class Row>
[[nodiscard]] std::map<std::string, Row> rows_by_request(store::session& store, std::string const& run_id) {
    std::map<std::string, Row> out;
    for (auto& row : store::select<Row>(store, requests_of_run(run_id))) {
        auto id = row.request_id;
        out.emplace(std::move(id), std::move(row));
    }
    return out;
}

/// All runs of the group: the full cache first, then policies by name, budgets descending.
/// Throws `error{missing}` where the group has none, saying which command makes them.
[[nodiscard]] std::vector<run_row> group_runs(store::session& store, std::string const& group);

/// The policies of these runs other than the full cache, each once; `full` alone where nothing else was run.
[[nodiscard]] std::vector<std::string> policies_of(std::vector<run_row> const& runs);

/// The runs that make up one policy's curve: its own, and the full cache's where it has none at that budget.
[[nodiscard]] std::vector<run_row> curve_of(std::vector<run_row> const& runs, std::string const& policy);

/// The run every other is compared with: the full cache, else the largest budget.
[[nodiscard]] run_row const& baseline_of(std::vector<run_row> const& runs);

/// The random control at the run's budget, or null.
[[nodiscard]] run_row const* random_beside(std::vector<run_row> const& runs, run_row const& run);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/group.ipp>
#endif
