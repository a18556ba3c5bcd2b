#include <kvt/report/panels.hpp>
#include <kvt/report/plot.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt::report;

namespace {

chart of(std::string title) {
    return {.title = std::move(title),
            .x = {.label = "x", .scale = axis_scale::logarithmic},
            .y = {.label = "y"},
            .series = {{.label = "line", .points = {{1, 1}, {10, 3}}}}};
}

std::size_t count(std::string const& text, std::string const& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("charts stand side by side on one canvas") {
    panels const three{"all", {of("one"), of("two"), of("three")}};
    auto const script = gnuplot_script(three, image_format::png, {.width = 15, .height = 5, .dpi = 150});
    CHECK(count(script, "set terminal") == 1);
    CHECK(script.find("size 2250,750") != script.npos);
    CHECK(count(script, "\nset multiplot\n") == 1);
    CHECK(count(script, "\nplot ") == 3);
    CHECK(count(script, "set lmargin at screen") == 3);
    CHECK(script.find("'two'") < script.find("'three'"));
    CHECK(holds(refusal([] { (void)gnuplot_script(panels{"none"}, image_format::svg); }), "without a chart"));
    CHECK(holds(refusal([] {
                    (void)gnuplot_script(panels{"none", {chart{}}}, image_format::svg);
                }),
                "nothing to draw"));
}

TEST_CASE("a look changes size, resolution and letters, and nothing else") {
    auto const usual = gnuplot_script(of("one"), image_format::png);
    CHECK(usual.find("set terminal pngcairo size 1200,900 noenhanced") != usual.npos);
    CHECK(usual.find("fontscale") == usual.npos);
    auto const fine = gnuplot_script(of("one"), image_format::png, {.dpi = 300});
    CHECK(fine.find("size 2400,1800") != fine.npos);
    CHECK(fine.find("fontscale 2.0 linewidth 2.0 pointscale 2.0") != fine.npos);
    CHECK(fine.substr(fine.find('\n')) == usual.substr(usual.find('\n')));
    auto const serif = gnuplot_script(of("one"), image_format::svg, {.letters = letters::serif});
    CHECK(serif.find("DejaVu Sans") == serif.npos);
    CHECK(serif.find("DejaVu Serif") != serif.npos);
    CHECK(gnuplot_script(of("one"), image_format::svg, {.dpi = 300}) == gnuplot_script(of("one"), image_format::svg));
}

TEST_CASE("what is drawn has that size, and says its resolution") {
    std::string png, svg;
    try {
        png = draw(panels{"all", {of("one"), of("two")}}, image_format::png, {.width = 6, .height = 3, .dpi = 50});
        svg = draw(panels{"all", {of("one"), of("two")}}, image_format::svg,
                   {.width = 6, .height = 3, .letters = letters::serif});
    } catch (kvt::error const& e) {
        if (e.kind() != kvt::error_kind::missing) throw;
        return;  // no gnuplot on this machine
    }
    auto const number = [&](std::size_t i) {
        std::uint32_t v = 0;
        for (std::size_t k = 0; k < 4; ++k) v = v << 8 | static_cast<unsigned char>(png.at(i + k));
        return v;
    };
    CHECK(number(16) == 300);
    CHECK(number(20) == 150);
    auto const at = png.find("pHYs");
    REQUIRE(at != png.npos);
    CHECK(number(at + 4) == 1969);  // 50 dpi
    CHECK(svg.find("<title>all</title>") != svg.npos);
    CHECK(svg.find("'DejaVu Serif'") != svg.npos);
    CHECK(svg.find(">two<") != svg.npos);
}
