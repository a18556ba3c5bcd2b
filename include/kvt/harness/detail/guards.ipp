#pragma once

#include <kvt/harness/group.hpp>
#include <kvt/harness/guards.hpp>

#include <fmt/format.h>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL prepared require_prepared(store::session& store, std::string const& group) {
    auto const refuse = [&](std::string problem) {
        throw error{error_kind::missing, "group " + group, std::move(problem),
                    "`kvt prepare` with this configuration first"};
    };
    if (!store::has_table<experiment_row>(store) || !store::first<experiment_row>(store, {{"exp_group_id", group}}))
        refuse("is not in this database");
    auto const dataset = store::first<dataset_row>(store);
    if (!dataset) refuse("has no dataset");
    if (store::count<entry_row>(store, {{"dataset_id", dataset->dataset_id}}) == 0) refuse("has no manifest entries");
    if (store::count<bin_row>(store, {{"dataset_id", dataset->dataset_id}}) == 0) refuse("has no bins");
    return {group, dataset->dataset_id};
}

KVT_DECL executed require_executed(store::session& store, std::string const& group, completeness need) {
    auto const manifest = require_prepared(store, group);
    executed out{group, manifest.dataset_id, {}};
    for (auto const& run : group_runs(store, group)) {
        if (need == completeness::whole && run.status != "finished")
            throw error{error_kind::missing, "run " + run.run_id, "is not finished",
                        "`kvt run --resume` with this configuration, or --allow-partial"};
        out.runs.push_back(run.run_id);
    }
    return out;
}

KVT_DECL std::vector<std::string> missing_scores(store::session& store, std::string const& group, completeness need) {
    std::vector<std::string> out;
    for (auto const& run : group_runs(store, group)) {
        store::where const of_run{{"run_id", run.run_id}};
        auto const requests = store::count<request_row>(store, of_run);
        auto const scores = store::count<score_row>(store, requests_of_run(run.run_id));
        auto const entries = store::count<entry_row>(store, {{"dataset_id", run.dataset_id.value_or("")}});
        if (requests < entries)
            out.push_back(
                fmt::format("run {}: {} of {} requests were never made", run.run_id, entries - requests, entries));
        if (scores < requests)
            out.push_back(
                fmt::format("run {}: {} of {} requests have no score", run.run_id, requests - scores, requests));
    }
    if (need == completeness::whole && !out.empty())
        throw error{error_kind::missing, "group " + group, out.front(),
                    "`kvt run --resume` and `kvt score` first, or --allow-partial"};
    return out;
}

KVT_DECL analyzed require_analyzed(store::session& store, std::string const& group) {
    auto const runs = require_executed(store, group, completeness::partial);
    bool const there = store::count<detector_row>(store, {{"exp_group_id", group}, {"method", "findings"}}) > 0;
    if (!there)
        throw error{error_kind::missing, "group " + group, "has no bin statistics",
                    "`kvt analyze` with this configuration first"};
    return {{runs}};
}

KVT_DECL void forget_analysis(store::session& store, std::string const& group) {
    store::erase<bin_stats_row>(store, runs_of_group(group));
    store::erase<transition_row>(store, {{"exp_group_id", group}});
    store::erase<detector_row>(store, {{"exp_group_id", group}});
}

}  // namespace kvt::inline KVT_ABI::harness
