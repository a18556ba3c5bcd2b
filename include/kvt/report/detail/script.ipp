#pragma once

#include <kvt/core/json.hpp>
#include <kvt/report/chart.hpp>
#include <kvt/report/detail/palette.ipp>
#include <kvt/report/plain_text.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::report::detail {

/// Text as a gnuplot expression. Within single quotes gnuplot substitutes nothing (no backquotes, no macros, no escapes);
/// line ends are spliced in from outside.
KVT_DECL std::string script_text(std::string_view raw, line_breaks breaks = line_breaks::folded) {
    std::string out = "'";
    std::string text = plain_text(raw, breaks);
    std::size_t start = 0;
    for (;;) {
        auto const end = std::min(text.find('\n', start), text.size());
        for (char c : clipped(std::string_view{text}.substr(start, end - start), 160)) {
            if (c == '\t') out += ' ';
            else out.append(c == '\'' ? 2 : 1, c);
        }
        if (end == text.size()) return out + "'";
        out += "' . \"\\n\" . '";
        start = end + 1;
    }
}

KVT_DECL std::string script_number(double value) {
    if (!std::isfinite(value)) throw error{error_kind::usage, "plot", "a coordinate that is not finite"};
    return shortest(value);
}

KVT_DECL std::string script_colour(std::string_view colour) { return "rgb '" + spell(read_colour(colour)) + "'"; }

/// The page's own colours; the SVG renames them for dark screens (detail/plot.ipp).
struct page_colours {
    static constexpr std::string_view ink = "#1f2328", soft = "#57606a", axis = "#8c959f", grid = "#e4e8ec", paper = "#ffffff",
                                      zone = "#f3e3c0", zone_ink = "#7d5c10", alarm = "#b42318", absent = "#e9ecef";
};

enum class font_weight : std::uint8_t { normal, bold };

/// A font of so many points at 150 dpi. gnuplot's SVG terminal counts pixels of 3/4 point, and knows no weights: the
/// family's name carries it to detail/plot.ipp.
KVT_DECL std::string script_font(double points, image_format format, font_weight weight = font_weight::normal) {
    bool const svg = format == image_format::svg, bold = weight == font_weight::bold;
    return std::string{"font 'DejaVu Sans"} + (bold ? svg ? " Bold" : ":Bold" : "") + "," +
           shortest(svg ? points * 4 / 3 : points) + "'";
}

/// What a legend lists: how to draw the sample, and its name.
struct legend_entry {
    std::string sample, label;
};

/// The part that all plots share: canvas, title block, legend, and the space left for the drawing.
struct page {
    std::string out = {};
    image_format format;
    double used = 0;  ///< pixels from the top, of 900

    [[nodiscard]] std::string down(double pixels) const { return "screen " + shortest(1 - pixels / 900); }

    void open() {
        out += format == image_format::png ? "set terminal pngcairo size 1200,900 noenhanced rounded background "
                                           : "set terminal svg size 1200,900 dynamic noenhanced rounded background ";
        out += script_colour(page_colours::paper) + " " + script_font(15, format) + "\n";
        out += "set encoding utf8\nset samples 2\nset border 3 lw 1.2 lc " + script_colour(page_colours::axis) + "\n";
        out += "set tics nomirror out scale 0.6 textcolor " + script_colour(page_colours::soft) + "\n";
        used = 24;
    }
    void head_line(std::string_view text, double points, double height, std::string_view colour, font_weight weight) {
        if (text.empty()) return;
        out += "set label " + script_text(text) + " at graph 0, " + down(used + height / 2) + " left " +
               script_font(points, format, weight) + " textcolor " + script_colour(colour) + "\n";
        used += height;
    }
    void head(std::string_view title, std::string_view subtitle, std::string_view warning) {
        head_line(title, 20, 40, page_colours::ink, font_weight::bold);
        head_line(subtitle, 14, 32, page_colours::soft, font_weight::normal);
        head_line(warning, 14, 34, page_colours::alarm, font_weight::bold);
    }
    /// A key of equal columns below the title block, as many as fit by an estimate of the labels' widths.
    void legend(std::vector<legend_entry> const& entries) {
        if (entries.empty()) {
            out += "unset key\n";
            return;
        }
        std::size_t widest = 0;
        for (auto const& e : entries) widest = std::max(widest, display_width(e.label));
        auto const columns = std::clamp<std::size_t>(1050 / (80 + 12 * widest), 1, entries.size());
        auto const rows = (entries.size() + columns - 1) / columns;
        used += 10;
        out += "set key at graph 0, " + down(used) + " left top horizontal Left reverse maxcols " + std::to_string(columns) +
               " samplen 2.2 spacing 1.15 width 1 " + script_font(14, format) + " textcolor " +
               script_colour(page_colours::ink) + "\n";
        used += 29 * static_cast<double>(rows);
    }
    /// Ends the title block `below` pixels under its last line.
    void begin_drawing(double below, double right_edge) {
        used += below;
        out += "set tmargin at " + down(used) + "\nset rmargin at screen " + shortest(right_edge) + "\n";
    }
};

}  // namespace kvt::inline KVT_ABI::report::detail
