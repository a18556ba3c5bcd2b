#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/harness/stage_cache.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

/// Adds the matching rows of a table to a list, in an order of their own.
template <class Row> void add_rows(json& list, store::session& store, store::where const& match) {
    std::vector<std::string> texts;
    for (auto const& row : store::select<Row>(store, match)) texts.push_back(dump(to_json(row), json_style::canonical));
    std::sort(texts.begin(), texts.end());
    for (auto& text : texts) list.push_back(std::move(text));
}

/// Another version of kvt may compute something else from the same inputs.
inline json inputs_of(std::string_view stage) { return json::list({KVT_VERSION, std::string{stage}}); }
inline std::string hash_inputs(json const& list) { return sha256_hex(dump(list, json_style::canonical), 24); }

inline void add_outcomes(json& list, store::session& store, store::where const& of_requests) {
    std::vector<std::string> outcomes;
    for (auto const& row : store::select<response_row>(store, of_requests)) outcomes.push_back(row.request_id + " " + row.response_id);
    for (auto const& row : store::select<failure_row>(store, of_requests))
        outcomes.push_back(row.request_id + " " + row.error_type.value_or(""));
    std::sort(outcomes.begin(), outcomes.end());
    for (auto& outcome : outcomes) list.push_back(std::move(outcome));
}

inline store::where requests_of_run(std::string const& run_id) {
    return {{"request_id", store::values_of<request_row>("request_id", {{"run_id", run_id}})}};
}

}  // namespace detail

KVT_DECL std::string score_inputs(store::session& store, executed const& runs) {
    auto list = detail::inputs_of("score");
    for (auto const& run : runs.runs) detail::add_outcomes(list, store, detail::requests_of_run(run));
    return detail::hash_inputs(list);
}

KVT_DECL std::string analyze_inputs(store::session& store, executed const& runs) {
    auto list = detail::inputs_of("analyze");
    for (auto const& run : runs.runs) {
        auto const of_run = detail::requests_of_run(run);
        detail::add_outcomes(list, store, of_run);
        detail::add_rows<score_row>(list, store, of_run);
        detail::add_rows<telemetry_row>(list, store, of_run);
        detail::add_rows<receipt_row>(list, store, of_run);
    }
    return detail::hash_inputs(list);
}

KVT_DECL std::string report_inputs_hash(store::session& store, std::string const& group) {
    auto list = detail::inputs_of("report");
    store::where const of_group{{"exp_group_id", group}};
    detail::add_rows<bin_stats_row>(list, store, {{"run_id", store::values_of<run_row>("run_id", of_group)}});
    detail::add_rows<transition_row>(list, store, of_group);
    detail::add_rows<detector_row>(list, store, of_group);
    return detail::hash_inputs(list);
}

KVT_DECL bool is_fresh(store::session& store, stage_cache_row const& wanted) {
    auto const row = store::first<stage_cache_row>(store, {{"exp_group_id", wanted.exp_group_id}, {"stage", wanted.stage}});
    return row && row->config_hash == wanted.config_hash && row->inputs_hash == wanted.inputs_hash;
}

}  // namespace kvt::inline KVT_ABI::harness
