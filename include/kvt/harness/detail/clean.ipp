#pragma once

#include <kvt/harness/clean.hpp>

#include <fmt/format.h>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// Calls `f.template operator()<Row>(where)` for every table that holds rows of these runs, child tables first.
template <class F> void each_run_table(store::where const& runs, F&& f) {
    store::where const requests{{"request_id", store::values_of<request_row>("request_id", runs)}};
    f.template operator()<score_row>(requests);
    f.template operator()<failure_row>(requests);
    f.template operator()<receipt_row>(requests);
    f.template operator()<telemetry_row>(requests);
    f.template operator()<response_row>(requests);
    f.template operator()<request_row>(runs);
    f.template operator()<bin_stats_row>(runs);
}

/// The same for all that belongs to a group but its datasets.
template <class F> void each_group_table(std::string const& group, F&& f) {
    each_run_table(runs_of_group(group), f);
    f.template operator()<transition_row>({{"exp_group_id", group}});
    f.template operator()<detector_row>({{"exp_group_id", group}});
    f.template operator()<stage_cache_row>({{"exp_group_id", group}});
    f.template operator()<run_row>({{"exp_group_id", group}});
}

}  // namespace detail

KVT_DECL std::vector<table_count> count_runs(store::session& store, std::string const& group) {
    std::vector<table_count> out;
    detail::each_group_table(group, [&]<class Row>(store::where const& of_group) {
        out.push_back({std::string{store::table_of<Row>().rules.name},
                       static_cast<std::int64_t>(store::count<Row>(store, of_group))});
    });
    return out;
}

KVT_DECL void forget_runs(store::session& store, std::string const& group) {
    store::transaction(store, [&] {
        detail::each_group_table(group,
                                 [&]<class Row>(store::where const& of_group) { store::erase<Row>(store, of_group); });
    });
}

KVT_DECL void forget_run(store::session& store, std::string const& run_id) {
    store::where const of_run{{"run_id", run_id}};
    store::transaction(store, [&] {
        detail::each_run_table(of_run,
                               [&]<class Row>(store::where const& of_table) { store::erase<Row>(store, of_table); });
        store::erase<run_row>(store, of_run);
    });
}

KVT_DECL void forget_dataset(store::session& store, std::string const& dataset_id) {
    store::where const of_dataset{{"dataset_id", dataset_id}};
    if (auto const left = store::count<request_row>(store, of_dataset); left > 0)
        throw error{error_kind::mismatch, "dataset " + dataset_id, fmt::format("{} requests still refer to it", left)};
    store::transaction(store, [&] {
        store::erase<entry_row>(store, of_dataset);
        store::erase<bin_row>(store, of_dataset);
        store::erase<example_row>(store, of_dataset);
        store::erase<dataset_row>(store, of_dataset);
    });
}

}  // namespace kvt::inline KVT_ABI::harness
