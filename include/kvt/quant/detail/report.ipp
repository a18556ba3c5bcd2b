#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/quant/baseline_charts.hpp>
#include <kvt/quant/baseline_log.hpp>
#include <kvt/quant/report.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/plot.hpp>

#include <filesystem>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL void detail::write_baseline(run_context& context, reported const& what, std::string const& plots,
                                     run_log const& log) {
    auto const write = [&](std::string const& path, std::string const& bytes) {
        write_file(path, bytes);
        context.wrote(path);
    };
    write(what.json_path, dump(to_valid_json(what.metrics), json_style::pretty) + "\n");
    for (auto const& line : baseline_log(what.metrics)) log.write(log_level::info, line, context.utc_now());
    if (!what.html_path.empty()) {
        std::vector<kvt::report::figure> figures;
        for (auto const& [stem, chart] : baseline_charts(what.metrics)) {
            figures.push_back(kvt::report::write_plot(chart, plots, stem));
            for (auto const* path : {&figures.back().png, &figures.back().svg}) context.wrote(plots + "/" + *path);
        }
        write(what.html_path, kvt::report::html{}.render(baseline_page(what.metrics, std::move(figures), plots)));
    }
}

}  // namespace kvt::inline KVT_ABI::quant
