#pragma once

#include <kvt/harness/report.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL json report_json(report_input const& in, std::vector<report_figure> const& figures) {
    json out;
    out["kvt"] = KVT_VERSION;
    out["generated_at"] = in.generated_at;
    out["experiment"] =
        json::of({{"exp_group_id", in.experiment.exp_group_id},
                  {"created_at", in.experiment.created_at ? json{*in.experiment.created_at} : json{}},
                  {"config_hash", in.experiment.config_hash ? json{*in.experiment.config_hash} : json{}}});
    out["dataset"] = to_json(in.dataset);
    out["findings"] = to_json(in.found);
    json bins = json::array{};
    for (auto const& run : in.runs)
        for (auto const& bin : run.bins) bins.push_back(to_json(bin));
    out["bin_stats"] = std::move(bins);
    json detectors = json::object{};
    for (auto const& [key, result] : in.detectors) detectors[key] = result;
    out["detectors"] = std::move(detectors);
    json plots = json::array{};
    for (auto const& f : figures) plots.push_back(f.png);
    out["plots"] = std::move(plots);
    return out;
}

KVT_DECL std::vector<report_figure> draw_plots(std::vector<planned_plot> const& plan, std::string const& folder,
                                               exec::executor_view executor) {
    std::vector<report_figure> out(plan.size());
    executor.parallel_for(plan.size(), [&](std::size_t i) {
        auto const figure = std::visit(
            [&](auto const& picture) {
                return kvt::report::write_plot(picture, folder, plan[i].stem, plan[i].caption);
            },
            plan[i].picture);
        out[i] = {figure.png, figure.svg, figure.caption, figure.alt, plan[i].fold};
    });
    return out;
}

KVT_DECL report_prerequisites require_inputs(report_input const& in, std::vector<report_figure> const& figures) {
    report_inputs there{.database = true, .plots = std::vector<std::string>{}, .latency = false};
    for (auto const& run : in.runs) {
        there.bin_stats += static_cast<std::int64_t>(run.bins.size());
        for (auto const& bin : run.bins) there.latency = there.latency || bin.lat_p50;
    }
    for (auto const& run : in.found.runs) there.scored += run.n_scored;
    for (auto const& f : figures) there.plots->push_back(f.png.substr(f.png.rfind('/') + 1));
    auto const found = check_report_inputs(there, in.found.partial ? completeness::partial : completeness::whole);
    if (found.valid) return found;
    std::string missing;
    for (auto const& one : found.missing) missing += (missing.empty() ? "" : ", ") + one;
    throw error{error_kind::missing, "report of group " + in.experiment.exp_group_id, missing,
                "an analysis with --allow-partial"};
}

}  // namespace kvt::inline KVT_ABI::harness
