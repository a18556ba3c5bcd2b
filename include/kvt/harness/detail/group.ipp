#pragma once

#include <kvt/harness/group.hpp>

#include <algorithm>
#include <tuple>

namespace kvt::inline KVT_ABI::harness {

namespace detail {
inline bool full(run_row const& run) { return run.kv_policy.value_or("") == "full"; }
}  // namespace detail

KVT_DECL std::vector<run_row> group_runs(store::session& store, std::string const& group) {
    auto runs = store::select<run_row>(store, {{"exp_group_id", group}});
    if (runs.empty())
        throw error{error_kind::missing, "group " + group, "has no runs", "`kvt run` with this configuration first"};
    std::stable_sort(runs.begin(), runs.end(), [](run_row const& a, run_row const& b) {
        return std::tuple{!detail::full(a), a.kv_policy, -a.kv_budget.value_or(0)} <
               std::tuple{!detail::full(b), b.kv_policy, -b.kv_budget.value_or(0)};
    });
    return runs;
}

KVT_DECL std::vector<std::string> policies_of(std::vector<run_row> const& runs) {
    std::vector<std::string> out;
    for (auto const& run : runs)
        if (!detail::full(run) && (out.empty() || out.back() != *run.kv_policy))
            out.push_back(run.kv_policy.value_or(""));
    if (out.empty()) out.emplace_back("full");
    return out;
}

KVT_DECL std::vector<run_row> curve_of(std::vector<run_row> const& runs, std::string const& policy) {
    std::vector<run_row> out;
    for (auto const& run : runs)
        if (run.kv_policy == policy) out.push_back(run);
    for (auto const& run : runs) {
        bool const there =
            std::any_of(out.begin(), out.end(), [&](auto const& o) { return o.kv_budget == run.kv_budget; });
        if (detail::full(run) && !there) out.insert(out.begin(), run);
    }
    std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.kv_budget > b.kv_budget; });
    return out;
}

KVT_DECL run_row const& baseline_of(std::vector<run_row> const& runs) {
    return *std::min_element(runs.begin(), runs.end(), [](run_row const& a, run_row const& b) {
        return std::tuple{!detail::full(a), -a.kv_budget.value_or(0)} <
               std::tuple{!detail::full(b), -b.kv_budget.value_or(0)};
    });
}

KVT_DECL run_row const* random_beside(std::vector<run_row> const& runs, run_row const& run) {
    auto const found = std::find_if(runs.begin(), runs.end(), [&](run_row const& r) {
        return r.kv_policy == "random" && r.kv_budget == run.kv_budget && r.run_id != run.run_id;
    });
    return found == runs.end() ? nullptr : &*found;
}

}  // namespace kvt::inline KVT_ABI::harness
