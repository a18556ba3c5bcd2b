#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/report/plot.hpp>
#include <kvt/scaling/draw.hpp>
#include <kvt/scaling/fault.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::scaling::detail {

/// A figure: its name, what it shows, and which members of the series are written beside it.
struct figure_plan {
    std::string name;
    report::chart chart;
    std::vector<std::string> members;
};

inline json part_of(json const& all, std::vector<std::string> const& members) {
    json out = json::object{};
    for (auto const& m : members)
        if (auto const* found = all.find(m); found != nullptr && !found->is_null()) out[m] = *found;
    return out;
}

KVT_DECL drawn draw_figures(run_context& context, std::span<run_point const> points, law_triple const* laws,
                            draw_options const& options) {
    if (points.empty())
        throw scaling_error{fault::no_completed_runs, "figures", "there is no completed run", "runs to draw"};
    auto const series = series_of(points, laws, options.decimals);
    auto const numbers = to_json(series);
    std::vector<figure_plan> const plans{{"isoflops_curves", isoflops_chart(series, options.decimals), {"isoflops"}},
                                         {"scaling_laws", sizes_chart(series, laws), {"optimal", "fit_curves"}},
                                         {"scaling_laws_loss", loss_chart(series, laws), {"optimal", "fit_curves"}},
                                         {"tokens_per_param", ratio_chart(series), {"optimal", "tokens_per_param"}}};
    drawn out;
    std::optional<error> first;
    auto const write = [&](std::string const& name, std::string const& bytes) {
        auto const path = options.folder + "/" + name;
        write_file(path, bytes);
        context.wrote(path);
        out.files.push_back(path);
    };
    for (auto const& p : plans) {
        write(p.name + ".json", dump(part_of(numbers, p.members), json_style::pretty) + "\n");
        try {
            auto const svg = report::draw(p.chart, report::image_format::svg);
            auto const png =
                options.format == figure_format::png ? report::draw(p.chart, report::image_format::png) : std::string{};
            write(p.name + ".svg", svg);
            if (!png.empty()) write(p.name + ".png", png);
            ++out.figures;
        } catch (error const& problem) {
            out.failures.push_back(p.name + ": " + problem.what());
            context.progress.say("WARN: " + out.failures.back());
            if (!first) first = problem;
        }
    }
    if (out.figures == 0 && first) throw *first;
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling::detail
