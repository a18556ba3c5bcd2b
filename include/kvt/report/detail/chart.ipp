#pragma once

#include <kvt/report/chart.hpp>
#include <kvt/report/detail/script.ipp>

#include <limits>

namespace kvt::inline KVT_ABI::report {

namespace detail {

KVT_DECL bool usable(chart_point const& p) { return std::isfinite(p.x) && std::isfinite(p.y); }
KVT_DECL bool has_interval(chart_point const& p) {
    return usable(p) && p.low && p.high && std::isfinite(*p.low) && std::isfinite(*p.high);
}

KVT_DECL std::size_t lines_of(std::string_view label) {
    return 1 + static_cast<std::size_t>(std::count(label.begin(), label.end(), '\n'));
}
KVT_DECL std::size_t most_lines(std::vector<chart_tick> const& ticks) {
    std::size_t most = 1;
    for (auto const& t : ticks) most = std::max(most, lines_of(t.label));
    return std::min<std::size_t>(most, 6);
}

/// The least and greatest of what was shown to it.
struct extent {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    void show(double v) { low = std::min(low, v), high = std::max(high, v); }
};

/// A chart on its way to a script: what is derived once from all series.
struct chart_script {
    chart const& c;
    page sheet;
    std::vector<std::string> colours = {};
    extent xs = {}, ys = {};
    double spacing = 1;  ///< between neighbouring x values
    std::size_t bars = 0, intervals = 0;
    std::vector<std::string> layers = {};  ///< the plot command's elements
    std::vector<legend_entry> entries = {};

    void measure() {
        std::vector<double> places;
        for (std::size_t i = 0; i < c.series.size(); ++i) {
            auto const& s = c.series[i];
            double const place =
                c.series.size() < 2 ? 1 : static_cast<double>(i) / static_cast<double>(c.series.size() - 1);
            auto const own = c.order == series_order::ascending ? ordered_colour(place) : categorical_colour(i);
            colours.push_back(spell(read_colour(s.colour.empty() ? own : s.colour)));
            bars += s.mark == series_mark::bars ? 1 : 0;
            bool any = false;
            for (auto const& p : s.points) {
                if (!usable(p)) continue;
                xs.show(p.x), ys.show(p.y), places.push_back(p.x);
                if (has_interval(p)) ys.show(*p.low), ys.show(*p.high), any = true;
            }
            intervals += any ? 1 : 0;
        }
        for (auto const& t : c.thresholds) (t.orientation == orientation::horizontal ? ys : xs).show(t.at);
        for (auto const& z : c.zones)
            if (places.empty()) xs.show(z.from);
        for (auto const& t : c.x.ticks) xs.show(t.at), places.push_back(t.at);
        std::sort(places.begin(), places.end());
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 1; i < places.size(); ++i)
            if (places[i] > places[i - 1]) least = std::min(least, places[i] - places[i - 1]);
        if (std::isfinite(least)) spacing = least;
    }

    void axis(char which, chart_axis const& a, extent seen) {
        bool const log = a.scale == axis_scale::logarithmic, y = which == 'y';
        double low = seen.low, high = seen.high;
        if (log) {
            if (!(seen.low > 0) && !(a.low && *a.low > 0))
                throw error{error_kind::usage, "plot", "a logarithmic axis with values of 0 or below"};
            low *= 0.87, high *= 1.15;
        } else if (y) {
            low = std::min(0.0, low);
            high = high > low ? high + 0.05 * (high - low) : low + 1;
            low = low < 0 ? low - 0.05 * (high - low) : 0;
        } else {
            double const pad = bars > 0           ? 0.6 * spacing
                               : !a.ticks.empty() ? 0.35 * spacing
                                                  : 0.04 * std::max(high - low, 1e-9 * (1 + std::fabs(high)));
            low -= pad, high += pad;
        }
        if (a.low) low = *a.low;
        if (a.high) high = y && !log ? *a.high + 0.035 * (*a.high - low) : *a.high;  // room for marks at the very top
        if (!(high > low)) high = low + 1;
        std::string const name{which};
        auto& out = sheet.out;
        if (log) out += "set logscale " + name + "\n";
        out += "set " + name + "range [" + script_number(low) + ":" + script_number(high) + "]\n";
        if (y) sheet.y_label(a.label);
        if (a.digits) out += "set format " + name + " '%." + std::to_string(std::clamp(*a.digits, 0, 9)) + "f'\n";
        if (a.ticks.empty()) return;
        out += "set " + name + "tics (";
        for (std::size_t i = 0; i < a.ticks.size(); ++i)
            out += (i > 0 ? ", " : "") +
                   script_text(a.ticks[i].label, sheet.format, page::tick_columns, line_breaks::kept) + " " +
                   script_number(a.ticks[i].at);
        out += ")\n";
    }

    void data(std::size_t i) {
        auto const& s = c.series[i];
        // Intervals of several series at one place would hide each other: each series stands a little aside.
        bool const aside = intervals > 1 && s.mark != series_mark::bars && c.x.scale == axis_scale::linear;
        double const step =
            std::min(0.05, 0.4 / static_cast<double>(std::max<std::size_t>(c.series.size(), 1))) * spacing;
        double const shift = aside ? step * (static_cast<double>(i) - static_cast<double>(c.series.size() - 1) / 2) : 0;
        std::string points, spans;
        double const width = 0.8 * spacing / static_cast<double>(std::max<std::size_t>(bars, 1));
        std::size_t before = 0;
        for (std::size_t j = 0; j < i; ++j) before += c.series[j].mark == series_mark::bars ? 1 : 0;
        for (auto const& p : s.points) {
            if (!usable(p)) continue;
            double x = p.x + shift;
            if (s.mark == series_mark::bars) {
                double const left = p.x - 0.4 * spacing + width * static_cast<double>(before);
                x = left + width / 2;
                points += script_number(x) + " " + script_number(p.y) + " " + script_number(left + 0.04 * width) + " " +
                          script_number(left + 0.96 * width) + " 0 " + script_number(p.y) + "\n";
            } else {
                points += script_number(x) + " " + script_number(p.y) + "\n";
            }
            if (has_interval(p))
                spans +=
                    script_number(x) + " " + script_number(*p.low) + " 0 " + script_number(*p.high - *p.low) + "\n";
        }
        auto const n = std::to_string(i);
        sheet.out += "$points" + n + " << EOD\n" + points + "EOD\n";
        if (!spans.empty()) sheet.out += "$spans" + n + " << EOD\n" + spans + "EOD\n";
        style(i, points.empty(), !spans.empty());
    }

    void style(std::size_t i, bool empty, bool spans) {
        static constexpr int shapes[] = {7, 5, 9, 13, 11, 15};
        auto const& s = c.series[i];
        auto const n = std::to_string(i);
        bool const svg = sheet.format == image_format::svg;
        auto const colour = " lc " + script_colour(colours[i]);
        auto const shape = " pt " + std::to_string(shapes[i % std::size(shapes)]) + " ps " + (svg ? "0.85" : "1.5");
        std::string const dashes = s.mark == series_mark::dashed ? svg ? " dt (9,6)" : " dt (14,9)" : "";
        std::string how;
        switch (s.mark) {
            case series_mark::points: how = "with points" + shape + colour; break;
            case series_mark::curve: how = "with lines lw 2.6" + colour; break;
            case series_mark::bars: how = "with boxxyerror fs solid 1 noborder" + colour; break;
            default: how = "with linespoints lw 2.6" + dashes + shape + colour; break;
        }
        bool const bar = s.mark == series_mark::bars;
        // Intervals are arrows with flat heads: gnuplot's error bars would each draw a point as well.
        auto const interval = "$spans" + n + " using 1:2:3:4 with vectors heads size screen 0.0045,90 lw 1.5 lc ";
        if (spans && !bar) layers.push_back(interval + script_colour(colours[i]) + " notitle");
        if (!empty) layers.push_back("$points" + n + (bar ? " using 1:2:3:4:5:6 " : " using 1:2 ") + how + " notitle");
        if (spans && bar) layers.push_back(interval + script_colour(page_colours::ink) + " notitle");
        if (!s.label.empty()) entries.push_back({bar ? "with boxes fs solid 1 noborder" + colour : how, s.label});
    }

    void marks() {
        auto& out = sheet.out;
        bool const svg = sheet.format == image_format::svg;
        auto const dashes =
            std::string{" dt "} + (svg ? "(3,4)" : "(5,6)") + " lw 1.8 lc " + script_colour(page_colours::soft);
        for (auto const& t : c.thresholds) {
            auto const at = script_number(t.at);
            out += t.orientation == orientation::horizontal
                       ? "set arrow from graph 0, first " + at + " to graph 1, first " + at
                       : "set arrow from first " + at + ", graph 0 to first " + at + ", graph 1";
            out += " nohead" + dashes + "\n";
            if (!t.label.empty()) entries.push_back({"with lines" + dashes, t.label});
        }
        for (auto const& z : c.zones) {
            out += "set object rectangle from first " + script_number(z.from) + ", graph 0 to first " +
                   script_number(z.to) + ", graph 1 behind fc " + script_colour(page_colours::zone) +
                   " fs solid 0.7 noborder\n";
            if (!z.label.empty())
                out += "set label " + script_text(z.label, sheet.format, page::zone_columns) + " at first " +
                       script_number((z.from + z.to) / 2) + ", graph 1 center offset 0,0.7 " + sheet.font(14) +
                       " textcolor " + script_colour(page_colours::zone_ink) + "\n";
        }
    }
};

/// The chart as commands behind those of the sheet.
KVT_DECL std::string chart_lines(chart const& c, page sheet) {
    if (!has_data(c)) throw error{error_kind::usage, "plot", "nothing to draw: no series has a finite point"};
    chart_script script{.c = c, .sheet = std::move(sheet)};
    auto& out = script.sheet.out;
    script.sheet.open();
    out += "set grid ytics lt 1 lw 1 lc " + script_colour(page_colours::grid) + "\n";
    script.measure();
    script.axis('x', c.x, script.xs);
    script.axis('y', c.y, script.ys);
    for (std::size_t i = 0; i < c.series.size(); ++i) script.data(i);
    script.marks();
    script.sheet.head(c.title, c.subtitle, c.warning);
    script.sheet.legend(script.entries);
    script.sheet.begin_drawing(c.zones.empty() ? 22 : 50, 0.97, c.x.label, most_lines(c.x.ticks));
    out += "plot ";
    for (auto const& layer : script.layers) out += layer + ", \\\n     ";
    if (script.entries.empty()) out.erase(out.rfind(", \\\n"));
    for (std::size_t i = 0; i < script.entries.size(); ++i)
        out += std::string{i > 0 ? ", \\\n     " : ""} + "keyentry " + script.entries[i].sample + " title " +
               script_text(script.entries[i].label, script.sheet.format, page::legend_columns);
    return out + "\n";
}

}  // namespace detail

KVT_DECL bool has_data(chart const& c) {
    for (auto const& s : c.series)
        for (auto const& p : s.points)
            if (detail::usable(p)) return true;
    return false;
}

KVT_DECL std::string gnuplot_script(chart const& c, image_format format, look const& how) {
    detail::page sheet{.format = format, .how = how};
    sheet.terminal();
    return detail::chart_lines(c, std::move(sheet));
}

}  // namespace kvt::inline KVT_ABI::report
