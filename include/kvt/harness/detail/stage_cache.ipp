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
    for (auto const& [id, text] :
         store::select_columns<&response_row::request_id, &response_row::text>(store, of_requests))
        outcomes.push_back(id + " " + sha256_hex(text.value_or("")));
    for (auto const& [id, type] :
         store::select_columns<&failure_row::request_id, &failure_row::error_type>(store, of_requests))
        outcomes.push_back(id + " " + type.value_or(""));
    std::sort(outcomes.begin(), outcomes.end());
    for (auto& outcome : outcomes) list.push_back(std::move(outcome));
}

}  // namespace detail

KVT_DECL std::string score_inputs(store::session& store, executed const& runs) {
    auto list = detail::inputs_of("score");
    for (auto const& [id, answers] : store::select_columns<&example_row::example_id, &example_row::answers_json>(
             store, {{"dataset_id", runs.dataset_id}}, {"example_id"}))
        list.push_back(id + " " + answers);
    for (auto const& run : runs.runs) detail::add_outcomes(list, store, requests_of_run(run));
    return detail::hash_inputs(list);
}

KVT_DECL std::string analyze_inputs(store::session& store, executed const& runs) {
    auto list = detail::inputs_of("analyze");
    for (auto const& run : runs.runs) {
        auto const of_run = requests_of_run(run);
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
    detail::add_rows<bin_stats_row>(list, store, runs_of_group(group));
    detail::add_rows<transition_row>(list, store, of_group);
    detail::add_rows<detector_row>(list, store, of_group);
    return detail::hash_inputs(list);
}

KVT_DECL bool is_fresh(store::session& store, stage_cache_row const& wanted) {
    auto const row =
        store::first<stage_cache_row>(store, {{"exp_group_id", wanted.exp_group_id}, {"stage", wanted.stage}});
    return row && row->config_hash == wanted.config_hash && row->inputs_hash == wanted.inputs_hash;
}

}  // namespace kvt::inline KVT_ABI::harness
