#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/harness/experiment.hpp>
#include <kvt/harness/report.hpp>
#include <kvt/report/plot.hpp>

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

KVT_DECL reported detail::write_report(run_context& ctx, analyzed const& in,
                                       function_view<void(kvt::report::document const&, report_sink)> render) {
    auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
    auto const* found = ctx.find<experiment>();
    auto const settings = found != nullptr ? *found : experiment{.group = in.group};
    auto const folder = settings.folder();
    auto input = read_report_input(db, in.group);
    input.generated_at = settings.fixed_time.empty() ? ctx.utc_now() : settings.fixed_time;
    reported out{in.group, {}};
    auto const write = [&](std::string path, std::string const& bytes) {
        write_file(path, bytes);
        out.files.push_back(std::move(path));
    };
    auto const figures = draw_plots(plan_plots(input), folder, exec::thread_executor{});
    for (auto const& one : require_inputs(input, figures).missing) input.found.missing.push_back(one);
    auto document = report_document(input, figures);
    document.folder = folder;
    auto const put = [&](std::string_view extension, std::string const& bytes) {
        write(folder + "/report." + std::string{extension}, bytes);
    };
    render(document, put);
    write(folder + "/summary.json", dump(report_json(input, figures), json_style::pretty) + "\n");
    for (auto const& f : figures) out.files.push_back(folder + "/" + f.png), out.files.push_back(folder + "/" + f.svg);
    for (auto const& path : out.files) ctx.wrote(path);
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
