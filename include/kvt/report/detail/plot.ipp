#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/report/detail/gnuplot.ipp>
#include <kvt/report/detail/script.ipp>
#include <kvt/report/html.hpp>
#include <kvt/report/plot.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <set>

namespace kvt::inline KVT_ABI::report::detail {

KVT_DECL void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t i = 0; (i = text.find(from, i)) != text.npos; i += to.size()) text.replace(i, from.size(), to);
}

/// Every colour as "#rrggbb"; gnuplot's SVG terminal has "rgb(  0, 114, 178)", "rgb(0,114,178)" and "#0072B2" by turns.
/// Returns the colours met.
KVT_DECL std::set<std::string> spell_colours(std::string& svg) {
    std::set<std::string> met;
    std::string out;
    std::size_t done = 0;
    for (std::size_t i = 0; (i = svg.find_first_of("r#", i)) != svg.npos; ++i) {
        unsigned r = 0, g = 0, b = 0;
        int used = 0;
        char const* const at = svg.c_str() + i;
        if (svg.compare(i, 4, "rgb(") == 0) std::sscanf(at, "rgb(%3u, %3u, %3u)%n", &r, &g, &b, &used);
        else if (i > 0 && (svg[i - 1] == '"' || svg[i - 1] == '\'')) std::sscanf(at, "#%2x%2x%2x%n", &r, &g, &b, &used);
        if (used == 0 || r > 255 || g > 255 || b > 255) continue;
        auto const colour =
            spell({static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g), static_cast<std::uint8_t>(b)});
        out.append(svg, done, i - done).append(colour);
        met.insert(colour);
        i = done = i + static_cast<std::size_t>(used);
        --i;
    }
    svg = out.append(svg, done);
    return met;
}

/// One rule that gives a colour of the picture another on dark screens. Rules outrank the attributes gnuplot writes.
KVT_DECL std::string recolour(std::string const& from, std::string const& to) {
    return "[stroke='" + from + "']{stroke:" + to + "}[fill='" + from + "']{fill:" + to + "}[color='" + from +
           "']{color:" + to + "}\n";
}

/// The rules for dark screens: the page's colours by table, and dark series made lighter.
KVT_DECL std::string dark_style(std::set<std::string> colours, dark_scope scope, letters face) {
    using own_colours = page_colours;
    std::pair<std::string_view, std::string_view> const own[] = {
        {own_colours::ink, "#e6edf3"},   {own_colours::soft, "#9da7b1"},     {own_colours::axis, "#6e7681"},
        {own_colours::grid, "#262c34"},  {own_colours::paper, "#0f1318"},    {own_colours::zone, "#4a3c16"},
        {own_colours::alarm, "#ff8a80"}, {own_colours::zone_ink, "#e3b341"}, {own_colours::absent, "#2d333b"}};
    std::string rules;
    for (auto const& [from, to] : own) {
        if (colours.erase(std::string{from}) > 0) rules += recolour(std::string{from}, std::string{to});
    }
    if (scope == dark_scope::page) colours.clear();
    for (auto const& colour : colours)
        if (double const light = luminance(colour); light < 0.2)
            rules += recolour(colour, spell(blend(read_colour(colour), {255, 255, 255}, light < 0.06 ? 0.5 : 0.3)));
    std::string const fonts = face == letters::serif ? "'DejaVu Serif',Georgia,'Times New Roman',Times,serif"
                                                     : "'DejaVu Sans',Verdana,'Segoe UI',Helvetica,Arial,sans-serif";
    return "<style>text{font-family:" + fonts +
           "}\n"
           "@media screen and (prefers-color-scheme: dark){\n" +
           rules + "}</style>\n";
}

/// gnuplot's SVG without its version, with a title for those who cannot see it, real bold text and dark colours.
KVT_DECL std::string finish_svg(std::string svg, std::string const& title, dark_scope scope, letters face) {
    auto const cut = [&](std::string_view from, std::string_view to, std::string const& with) {
        auto const start = svg.find(from);
        auto const end = start == svg.npos ? start : svg.find(to, start);
        if (end != svg.npos) svg.replace(start, end + to.size() - start, with);
    };
    auto const colours = spell_colours(svg);
    replace_all(svg, "]]>", "]]&gt;");  // not allowed in character data; gnuplot lets it through
    std::string const family = face == letters::serif ? "font-family=\"DejaVu Serif" : "font-family=\"DejaVu Sans";
    replace_all(svg, family + " Bold\"", family + "\" font-weight=\"bold\"");
    cut("<desc>Produced by", "</desc>\n", "");
    cut("<title>Gnuplot", "</title>\n",
        "<title>" + escape_html(plain_text(title)) + "</title>\n" + dark_style(colours, scope, face));
    cut("<svg ", "\n", "<svg role=\"img\"\n");
    for (std::size_t i = 0; (i = svg.find("<title>gnuplot_plot_", i)) != svg.npos;)  // shown as tool tips
        svg.erase(i, svg.find("</title>", i) + 8 - i);
    // Groups without content, which gnuplot writes at every change of colour
    for (std::size_t i = 0; (i = svg.find("stroke-linejoin=\"miter\">\n</g>\n", i)) != svg.npos;) {
        auto const start = svg.rfind("<g ", i);
        svg.erase(start, svg.find("</g>\n", i) + 5 - start);
        i = start;
    }
    return svg;
}

/// Four bytes, the highest first.
KVT_DECL std::string big_endian(std::uint32_t v) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(v >> shift & 0xFF);
    return out;
}

/// A PNG that says its resolution: a pHYs chunk of pixels a metre, with its checksum (PNG, annex D), behind the header's.
KVT_DECL std::string finish_png(std::string png, std::int64_t dpi) {
    if (png.find("pHYs") != png.npos || png.size() <= 33) return png;
    auto const each = big_endian(static_cast<std::uint32_t>(std::llround(static_cast<double>(dpi) / 0.0254)));
    auto const chunk = "pHYs" + each + each + '\x01';
    std::uint32_t c = 0xFFFFFFFFU;
    for (char const b : chunk) {
        c ^= static_cast<unsigned char>(b);
        for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    }
    png.insert(33, big_endian(9) + chunk + big_endian(~c));
    return png;
}

KVT_DECL std::string run_gnuplot(std::string const& script, image_format format, std::string const& title,
                                 dark_scope scope, look const& how) {
    auto image = gnuplot(script);
    bool const whole = format == image_format::png
                           ? image.starts_with("\x89PNG\r\n\x1A\n") && image.find("IEND") != image.npos
                           : image.find("<svg") != image.npos && image.ends_with("</svg>\n\n");
    if (!whole) throw error{error_kind::work, "gnuplot", "did not draw a whole picture"};
    return format == image_format::png ? finish_png(std::move(image), how.dpi)
                                       : finish_svg(std::move(image), title, scope, how.letters);
}

KVT_DECL figure write_images(std::string const& folder, std::string const& stem, std::string const& png,
                             std::string const& svg) {
    auto const start = folder.empty() ? std::string{} : folder + "/";
    write_file(start + stem + ".png", png);
    write_file(start + stem + ".svg", svg);
    return {.png = stem + ".png", .svg = stem + ".svg"};
}

}  // namespace kvt::inline KVT_ABI::report::detail

namespace kvt::inline KVT_ABI::report {

KVT_DECL void require_gnuplot() { (void)detail::gnuplot("\n"); }

}  // namespace kvt::inline KVT_ABI::report
