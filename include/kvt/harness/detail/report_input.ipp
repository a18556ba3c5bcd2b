#pragma once

#include <kvt/config/yaml.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/limits.hpp>
#include <kvt/harness/report_input.hpp>

namespace kvt::inline KVT_ABI::harness {

namespace detail {
inline std::string pacing_of(optional_text const& config_yaml) {
    if (config_yaml.value_or("").empty()) return "N/A";
    auto const rpm = read_requests_per_minute(config::parse_yaml(*config_yaml, "experiments.config_yaml"));
    return rpm ? "at most " + std::to_string(*rpm) + " requests a minute" : "none";
}
}  // namespace detail

KVT_DECL report_input read_report_input(store::session& store, std::string const& group) {
    auto const ready = require_analyzed(store, group);
    report_input in;
    in.experiment = *store::first<experiment_row>(store, {{"exp_group_id", group}});
    in.pacing = detail::pacing_of(in.experiment.config_yaml);
    in.dataset = *store::first<dataset_row>(store, {{"dataset_id", ready.dataset_id}});
    in.bins = store::select<bin_row>(store, {{"dataset_id", ready.dataset_id}}, {"bin_idx"});
    for (auto const& run : group_runs(store, group))
        in.runs.push_back({run, store::select<bin_stats_row>(store, {{"run_id", run.run_id}}, {"bin_idx"})});
    in.transitions = store::select<transition_row>(store, {{"exp_group_id", group}});
    for (auto const& row : store::select<detector_row>(store, {{"exp_group_id", group}})) {
        auto const result = parse_json(row.result_json, "detector_results." + row.method);
        if (row.method == "findings") in.found = from_json<findings>(result, "detector_results.findings");
        else in.detectors[row.method] = result;
    }
    return in;
}

}  // namespace kvt::inline KVT_ABI::harness
