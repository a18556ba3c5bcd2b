#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/report/detail/chart.ipp>
#include <kvt/report/heat_map.hpp>

namespace kvt::inline KVT_ABI::report {

KVT_DECL bool has_data(heat_map const& m) {
    for (auto const& row : m.values)
        for (auto const& v : row)
            if (v && std::isfinite(*v)) return true;
    return false;
}

namespace detail {

KVT_DECL void heat_axes(heat_map const& m, page& sheet) {
    auto const names = [&](std::vector<std::string> const& labels) {
        std::string list;
        for (std::size_t i = 0; i < labels.size(); ++i)
            list += (i > 0 ? ", " : "") + script_text(labels[i], sheet.format, page::tick_columns, line_breaks::kept) +
                    " " + std::to_string(i);
        return list;
    };
    auto const edge = [](std::size_t n) { return "[-0.5:" + shortest(static_cast<double>(n) - 0.5) + "]"; };
    auto const soft = " textcolor " + script_colour(page_colours::soft);
    sheet.out += "unset border\nset tics scale 0\n";
    sheet.out += "set xrange " + edge(m.columns.size()) + "\nset yrange " + edge(m.rows.size()) + "\n";
    sheet.out += "set xtics (" + names(m.columns) + ")\nset ytics (" + names(m.rows) + ")\n";
    sheet.y_label(m.y_label);
    sheet.out += "set cblabel " + script_text(m.value_label, sheet.format, 55) + soft + "\n";
    sheet.out += "set format cb '%." + std::to_string(std::clamp(m.digits, 0, 9)) + "f'\n";
}

/// Cells with their colours computed here, so that gnuplot's palette only draws the scale beside the map.
KVT_DECL void heat_cells(heat_map const& m, page& sheet, double low, double high) {
    std::string cells, dark, light, absent;
    for (std::size_t r = 0; r < m.rows.size(); ++r)
        for (std::size_t c = 0; c < m.columns.size(); ++c) {
            auto const x = static_cast<double>(c), y = static_cast<double>(r);
            auto const& v = m.values[r][c];
            bool const known = v && std::isfinite(*v);
            auto const colour = known ? heat_colour((*v - low) / (high - low)) : std::string{page_colours::absent};
            auto const at = shortest(x) + " " + shortest(y);
            cells += at + " " + shortest(x - 0.49) + " " + shortest(x + 0.49) + " " + shortest(y - 0.485) + " " +
                     shortest(y + 0.485) + " 0x" + colour.substr(1) + "\n";
            auto& words = !known ? absent : luminance(colour) > 0.18 ? dark : light;
            words += at + " " + (known ? fixed(*v, std::clamp(m.digits, 0, 9)) : "N/A") + "\n";
        }
    sheet.out += "$cells << EOD\n" + cells + "EOD\n";
    for (auto const& [name, words] :
         {std::pair<std::string, std::string const&>{"dark", dark}, {"light", light}, {"absent", absent}})
        if (!words.empty()) sheet.out += "$" + name + " << EOD\n" + words + "EOD\n";
    sheet.out += "set palette defined (";
    for (int i = 0; i <= 20; ++i)
        sheet.out += (i > 0 ? ", " : "") + std::to_string(i) + " '" + heat_colour(i / 20.0) + "'";
    sheet.out += ")\nset cbrange [" + script_number(low) + ":" + script_number(high) + "]\n";
    std::string layers = "plot $cells using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc rgb variable notitle";
    auto const text = [&](std::string const& name, std::string_view colour) {
        layers += ", \\\n     $" + name + " using 1:2:3 with labels " + sheet.font(17) + " textcolor " +
                  script_colour(colour) + " notitle";
    };
    if (!dark.empty()) text("dark", "#101418");
    if (!light.empty()) text("light", "#fefefe");
    if (!absent.empty()) text("absent", "#6a727b");
    // A point outside the map, coloured by value: gnuplot draws the scale only beside something that uses it.
    layers += ", \\\n     '+' using (-9):(-9):(" + script_number(low) + ") with points pt 7 ps 0 lc palette notitle";
    sheet.out += layers;
}

}  // namespace detail

KVT_DECL std::string gnuplot_script(heat_map const& m, image_format format, look const& how) {
    if (!has_data(m)) throw error{error_kind::usage, "plot", "nothing to draw: no cell has a finite value"};
    bool shaped = m.values.size() == m.rows.size();
    for (auto const& row : m.values) shaped = shaped && row.size() == m.columns.size();
    if (!shaped) throw error{error_kind::usage, "plot", "values that are not rows by columns"};

    detail::extent seen;
    for (auto const& row : m.values)
        for (auto const& v : row)
            if (v && std::isfinite(*v)) seen.show(*v);
    double const low = m.low.value_or(seen.low), high = std::max(m.high.value_or(seen.high), low + 1e-9);

    detail::page sheet{.format = format, .how = how};
    sheet.terminal();
    sheet.open();
    detail::heat_axes(m, sheet);
    sheet.head(m.title, m.subtitle, m.warning);
    std::vector<detail::legend_entry> entries;
    if (m.overlay && !m.overlay->points.empty()) {
        auto const colour = m.overlay->colour.empty() ? "#d1242f" : m.overlay->colour;
        sheet.out += "$overlay << EOD\n";
        for (auto const& p : m.overlay->points)
            if (detail::usable(p)) sheet.out += detail::script_number(p.x) + " " + detail::script_number(p.y) + "\n";
        sheet.out += "EOD\n";
        entries.push_back({"with linespoints lw 3.5 pt 7 ps " +
                               std::string{format == image_format::svg ? "0.8" : "1.4"} + " lc " +
                               detail::script_colour(colour),
                           m.overlay->label});
    }
    sheet.legend(entries);
    std::size_t lines = 1;
    for (auto const& label : m.columns) lines = std::max(lines, std::min<std::size_t>(detail::lines_of(label), 6));
    sheet.begin_drawing(22, 0.85, m.x_label, lines);
    detail::heat_cells(m, sheet, low, high);
    for (auto const& e : entries) {
        // A wide pale line below keeps the line apart from every cell colour.
        sheet.out += ", \\\n     $overlay using 1:2 with lines lw 7 lc " + detail::script_colour("#fefefe") +
                     " notitle, \\\n     $overlay using 1:2 " + e.sample + " title " +
                     detail::script_text(e.label, format, detail::page::legend_columns);
    }
    return sheet.out + "\n";
}

}  // namespace kvt::inline KVT_ABI::report
