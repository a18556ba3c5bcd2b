#pragma once

#include <kvt/report/detail/chart.ipp>
#include <kvt/report/panels.hpp>

namespace kvt::inline KVT_ABI::report {

KVT_DECL std::string gnuplot_script(panels const& p, image_format format, look const& how) {
    if (p.charts.empty()) throw error{error_kind::usage, "plot", "panels without a chart"};
    detail::page whole{.format = format, .how = how};
    whole.terminal();
    std::string out = whole.out + "set multiplot\n";
    auto const n = static_cast<double>(p.charts.size());
    for (std::size_t i = 0; i < p.charts.size(); ++i) {
        auto const at = static_cast<double>(i);
        detail::page part{.format = format, .how = how, .left = at / n, .right = (at + 1) / n};
        part.out = "reset\n";
        out += detail::chart_lines(p.charts[i], std::move(part));
    }
    return out + "unset multiplot\n";
}

}  // namespace kvt::inline KVT_ABI::report
