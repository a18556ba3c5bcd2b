#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/plot.hpp>
#include <kvt/scaling/draw.hpp>
#include <kvt/scaling/fault.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::scaling::detail {

/// A figure: its name, which members of the series are written beside it, and how it is drawn.
struct figure_plan {
    std::string name;
    std::vector<std::string> members;
    function_view<std::string(report::image_format)> picture;
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
    auto const look = options.look();
    auto wide = look;
    wide.width = 15, wide.height = 5;
    using report::image_format;
    auto const isoflops = [&](image_format f) {
        return report::draw(isoflops_chart(series, options.decimals), f, look);
    };
    auto const panels = [&](image_format f) { return report::draw(laws_panels(series, laws), f, wide); };
    auto const ratios = [&](image_format f) { return report::draw(ratio_chart(series), f, look); };
    figure_plan const plans[] = {{"isoflops_curves", {"isoflops"}, isoflops},
                                 {"scaling_laws", {"optimal", "fit_curves"}, panels},
                                 {"tokens_per_param", {"optimal", "tokens_per_param"}, ratios}};
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
            auto const svg = p.picture(image_format::svg);
            auto const png = options.format == figure_format::png ? p.picture(image_format::png) : std::string{};
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
