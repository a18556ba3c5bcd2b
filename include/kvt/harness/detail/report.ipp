#pragma once

#include <kvt/harness/report.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL json report_json(report_input const& in, std::vector<report_figure> const& figures) {
    json out;
    out["kvt"] = KVT_VERSION;
    out["generated_at"] = in.generated_at;
    out["experiment"] = json::of({{"exp_group_id", in.experiment.exp_group_id},
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
            [&](auto const& picture) { return kvt::report::write_plot(picture, folder, plan[i].stem, plan[i].caption); },
            plan[i].picture);
        out[i] = {figure.png, figure.svg, figure.caption, figure.alt};
    });
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
