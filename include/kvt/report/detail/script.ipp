#pragma once

#include <kvt/core/json.hpp>
#include <kvt/report/chart.hpp>
#include <kvt/report/detail/palette.ipp>
#include <kvt/report/detail/plain_text.ipp>
#include <kvt/report/plain_text.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::report::detail {

// What DejaVu Sans 2.37 has glyphs for, of Latin, Greek, Cyrillic, Armenian, punctuation and symbols.
inline constexpr code_range png_ranges[] = {
    {0x20, 0x7E},     {0xA0, 0x2E9},    {0x2EC, 0x2EE},   {0x2F3, 0x2F3},   {0x2F7, 0x2F7},   {0x300, 0x34F},
    {0x351, 0x353},   {0x357, 0x358},   {0x35A, 0x35A},   {0x35C, 0x362},   {0x370, 0x377},   {0x37A, 0x37F},
    {0x384, 0x38A},   {0x38C, 0x38C},   {0x38E, 0x3A1},   {0x3A3, 0x525},   {0x531, 0x556},   {0x559, 0x55F},
    {0x561, 0x587},   {0x589, 0x58A},   {0x1E00, 0x1EFB}, {0x1F00, 0x1F15}, {0x1F18, 0x1F1D}, {0x1F20, 0x1F45},
    {0x1F48, 0x1F4D}, {0x1F50, 0x1F57}, {0x1F59, 0x1F59}, {0x1F5B, 0x1F5B}, {0x1F5D, 0x1F5D}, {0x1F5F, 0x1F7D},
    {0x1F80, 0x1FB4}, {0x1FB6, 0x1FC4}, {0x1FC6, 0x1FD3}, {0x1FD6, 0x1FDB}, {0x1FDD, 0x1FEF}, {0x1FF2, 0x1FF4},
    {0x1FF6, 0x1FFE}, {0x2000, 0x2064}, {0x206A, 0x2071}, {0x2074, 0x208E}, {0x2090, 0x209C}, {0x20A0, 0x20B5},
    {0x20B8, 0x20BA}, {0x20BD, 0x20BD}, {0x20D0, 0x20D1}, {0x20D6, 0x20D7}, {0x20DB, 0x20DC}, {0x20E1, 0x20E1},
    {0x2100, 0x2109}, {0x210B, 0x2149}, {0x214B, 0x214B}, {0x214E, 0x214E}, {0x2150, 0x2185}, {0x2189, 0x2189},
    {0x2190, 0x2311}, {0x2318, 0x2319}, {0x231C, 0x2321}, {0x2324, 0x2328}, {0x232B, 0x232C}, {0x2373, 0x2375},
    {0x237A, 0x237A}, {0x237D, 0x237D}, {0x2387, 0x2387}, {0x2394, 0x2394}, {0x239B, 0x23AE}, {0x23CE, 0x23CF},
    {0x23E3, 0x23E3}, {0x23E5, 0x23E5}, {0x23E8, 0x23E8}, {0x2422, 0x2423}, {0x2460, 0x2469}, {0x2500, 0x269C},
    {0x269E, 0x26B8}, {0x26C0, 0x26C3}, {0x26E2, 0x26E2}, {0x2701, 0x2704}, {0x2706, 0x2709}, {0x270C, 0x2727},
    {0x2729, 0x274B}, {0x274D, 0x274D}, {0x274F, 0x2752}, {0x2756, 0x2756}, {0x2758, 0x275E}, {0x2761, 0x2794},
    {0x2798, 0x27AF}, {0x27B1, 0x27BE}, {0x27C5, 0x27C6}, {0x27E0, 0x27E0}, {0x27E6, 0x27EB}, {0x27F0, 0x27FF},
    {0xFFFD, 0xFFFD},
};

/// The text with "□" for what the PNG's font lacks. gnuplot's Cairo terminals draw at twenty times the size and scale down;
/// Pango's box for a missing glyph loses that scale and fills the picture with what follows it.
KVT_DECL std::string png_text(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const [point, bytes] = next_point(text);
        bool const known = among(std::begin(png_ranges), std::end(png_ranges), point);
        out += known ? text.substr(0, bytes) : std::string_view{"\xE2\x96\xA1"};
        text.remove_prefix(bytes);
    }
    return out;
}

/// Text as a gnuplot expression. Within single quotes gnuplot substitutes nothing (no backquotes, no macros, no escapes);
/// line ends are spliced in from outside.
/// Lines longer than `columns` are cut: what would run out of the picture says so.
KVT_DECL std::string script_text(std::string_view raw, image_format format, std::size_t columns,
                                 line_breaks breaks = line_breaks::folded) {
    std::string out = "'";
    std::string text = plain_text(raw, breaks);
    std::replace(text.begin(), text.end(), '\t', ' ');
    std::size_t start = 0;
    for (;;) {
        auto const end = std::min(text.find('\n', start), text.size());
        auto const line = clipped(std::string_view{text}.substr(start, end - start), columns);
        for (char c : format == image_format::png ? png_text(line) : line) out.append(c == '\'' ? 2 : 1, c);
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
    static constexpr std::string_view ink = "#1f2328", soft = "#57606a", axis = "#8c959f", grid = "#e4e8ec",
                                      paper = "#ffffff", zone = "#f3e3c0", zone_ink = "#7d5c10", alarm = "#b42318",
                                      absent = "#e9ecef";
};

enum class font_weight : std::uint8_t { normal, bold };

/// A font of so many points at 150 dpi. gnuplot's SVG terminal counts pixels of 3/4 point, and knows no weights: the
/// family's name carries it to detail/plot.ipp.
KVT_DECL std::string script_font(double points, image_format format, font_weight weight, letters face) {
    bool const svg = format == image_format::svg, bold = weight == font_weight::bold;
    return std::string{"font 'DejaVu "} + (face == letters::serif ? "Serif" : "Sans") +
           (bold ? svg ? " Bold" : ":Bold" : "") + "," + shortest(svg ? points * 4 / 3 : points) + "'";
}

/// What a legend lists: how to draw the sample, and its name.
struct legend_entry {
    std::string sample, label;
};

/// The part that all plots share: canvas, title block, legend, and the space left for the drawing. Lengths are in pixels of
/// 1/150 inch. Where several drawings share the canvas, each has the part of it from `left` to `right`.
struct page {
    static constexpr std::size_t legend_columns = 85, tick_columns = 24, zone_columns = 40;

    std::string out = {};
    image_format format;
    look how = {};
    double left = 0, right = 1;  ///< shares of the canvas
    double used = 0;             ///< pixels from the top

    [[nodiscard]] double width() const { return 150 * how.width * (right - left); }
    [[nodiscard]] double height() const { return 150 * how.height; }
    [[nodiscard]] bool alone() const { return left == 0 && right == 1; }
    /// As many characters as fit where so many fit on a page of the usual width.
    [[nodiscard]] std::size_t columns(double usual) const { return static_cast<std::size_t>(usual * width() / 1200); }
    [[nodiscard]] std::string down(double pixels) const { return "screen " + shortest(1 - pixels / height()); }
    [[nodiscard]] std::string font(double points, font_weight weight = font_weight::normal) const {
        return script_font(points, format, weight, how.letters);
    }

    void terminal() {
        double const scale = format == image_format::png ? static_cast<double>(how.dpi) / 150 : 1;
        auto const pixels = [&](double inches) { return std::to_string(std::llround(150 * inches * scale)); };
        out += std::string{"set terminal "} + (format == image_format::png ? "pngcairo" : "svg") + " size " +
               pixels(how.width) + "," + pixels(how.height) + (format == image_format::png ? "" : " dynamic") +
               " noenhanced rounded background " + script_colour(page_colours::paper) + " " + font(16);
        if (scale != 1)
            out += " fontscale " + shortest(scale) + " linewidth " + shortest(scale) + " pointscale " + shortest(scale);
        out += "\n";
    }
    void open() {
        out += "set encoding utf8\nset samples 2\nset border 3 lw 1.2 lc " + script_colour(page_colours::axis) + "\n";
        out += "set tics nomirror out scale 0.6 textcolor " + script_colour(page_colours::soft) + "\n";
        used = 24;
    }
    void head_line(std::string_view text, double points, double height, std::string_view colour, font_weight weight) {
        if (text.empty()) return;
        out += "set label " + script_text(text, format, columns(1300 / points)) + " at graph 0, " +
               down(used + height / 2) + " left " + font(points, weight) + " textcolor " + script_colour(colour) + "\n";
        used += height;
    }
    void head(std::string_view title, std::string_view subtitle, std::string_view warning) {
        head_line(title, 22, 42, page_colours::ink, font_weight::bold);
        head_line(subtitle, 15, 34, page_colours::soft, font_weight::normal);
        head_line(warning, 15, 36, page_colours::alarm, font_weight::bold);
    }
    /// A key of equal columns below the title block: as many as end within the page. The terminals reckon a column's
    /// width from its longest label by constants of their own; a character is less than 11.5 pixels wide.
    void legend(std::vector<legend_entry> const& entries) {
        if (entries.empty()) {
            out += "unset key\n";
            return;
        }
        std::size_t widest = 0;
        for (auto const& e : entries) widest = std::max(widest, std::min(display_width(e.label), legend_columns));
        double const label = 11.5 * static_cast<double>(widest);
        double const pitch = format == image_format::svg ? 89 + 14.0 / 11.5 * label : 85 + 12.5 / 11.5 * label;
        auto const fit = 1 + static_cast<std::size_t>(std::max(0.0, (0.81 * width() - label) / pitch));
        auto const across = std::min(fit, entries.size());
        auto const rows = (entries.size() + across - 1) / across;
        used += 10;
        out += "set key at graph 0, " + down(used) + " left top horizontal Left reverse maxcols " +
               std::to_string(across) + " samplen 2.2 spacing 1.15 width 1 " + font(15) + " textcolor " +
               script_colour(page_colours::ink) + "\n";
        used += 30 * static_cast<double>(rows);
    }
    void y_label(std::string_view text) {
        out += "set ylabel " + script_text(text, format, static_cast<std::size_t>(55 * height() / 900)) +
               " textcolor " + script_colour(page_colours::soft) + "\n";
    }
    /// Ends the title block `below` pixels under its last line. The x axis's tick labels have `lines` lines; its name is a
    /// plain label, because gnuplot reckons with one line and puts an axis label elsewhere on each terminal.
    void begin_drawing(double below, double right_edge, std::string_view x_label, std::size_t lines) {
        used += below;
        out += "set tmargin at " + down(used) + "\nset rmargin at screen " +
               shortest(left + right_edge * (right - left)) + "\n";
        if (!alone()) out += "set lmargin at screen " + shortest(left + 150 / (150 * how.width)) + "\n";
        double const lower = format == image_format::svg ? 8 : 0;  // the SVG terminal's tick labels stand so much lower
        out += "set bmargin at " + down(height() - 66 - lower - 27 * static_cast<double>(lines)) + "\n";
        out += "set label " + script_text(x_label, format, columns(85)) + " at graph 0.5, " +
               down(height() - 28 + lower) + " center textcolor " + script_colour(page_colours::soft) + "\n";
    }
};

}  // namespace kvt::inline KVT_ABI::report::detail
