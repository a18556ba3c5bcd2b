#include "sample.hpp"

#include <kvt/report/chart.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace kvt::report;

namespace {

double const nothing = std::numeric_limits<double>::quiet_NaN();

chart simple(std::vector<chart_point> points) {
    return {.title = "t", .series = {{.label = "s", .points = std::move(points)}}};
}

bool holds(std::string const& script, std::string_view part) { return script.find(part) != script.npos; }

/// The script without what stands in single quotes, and whether all quotes are closed within their line.
std::string outside_quotes(std::string const& script) {
    std::string out;
    bool quoted = false;
    for (char c : script) {
        if (c == '\'') quoted = !quoted;
        else if (c == '\n') CHECK_FALSE(quoted);
        if (!quoted) out += c;
    }
    CHECK_FALSE(quoted);
    return out;
}

}  // namespace

TEST_CASE("words stay within quotes, whatever they are") {
    auto c = sample::accuracy_chart();
    auto const clean = outside_quotes(gnuplot_script(c, image_format::svg));
    std::string const words = sample::hostile + "' ; system('id') # \n!id\nEOD\n`id`";
    c.title = c.subtitle = c.x.label = c.y.label = c.thresholds[0].label = c.zones[0].label = words;
    for (auto& s : c.series) s.label = words;
    c.warning = words;
    auto const script = gnuplot_script(c, image_format::svg);
    auto const bare = outside_quotes(script);
    for (std::string_view part : {"system", "script", "`", "$(", "!id", "touch"})
        CHECK_MESSAGE(!holds(bare, part), part);
    CHECK(holds(clean, "plot $spans0"));
    CHECK(holds(bare, "plot $spans0"));
    c.x.ticks[0].label = "two\nlines 'x'";
    CHECK(holds(gnuplot_script(c, image_format::svg), "('two' . \"\\n\" . 'lines ''x''' 0.0,"));
}

TEST_CASE("colours are colours and nothing else") {
    auto c = simple({{0, 1}, {1, 2}});
    c.series[0].colour = "#Ff0080";
    CHECK(holds(gnuplot_script(c, image_format::png), "lc rgb '#ff0080'"));
    for (char const* bad : {"red", "#12345", "' ; system('id') #", "#12345g"}) {
        c.series[0].colour = bad;
        CHECK_THROWS_AS((void)gnuplot_script(c, image_format::png), kvt::error);
    }
}

TEST_CASE("points that are not finite are skipped, and a chart of nothing is refused") {
    auto const c =
        simple({{0, 1}, {1, nothing}, {nothing, 1}, {2, std::numeric_limits<double>::infinity()}, {3, 2, nothing, 3}});
    auto const script = gnuplot_script(c, image_format::png);
    CHECK(holds(script, "$points0 << EOD\n0.0 1.0\n3.0 2.0\nEOD\n"));
    CHECK_FALSE(holds(script, "$spans0"));
    CHECK(has_data(c));
    auto const empty = simple({{0, nothing}});
    CHECK_FALSE(has_data(empty));
    CHECK_FALSE(has_data(chart{.title = "t"}));
    CHECK_THROWS_WITH_AS((void)gnuplot_script(empty, image_format::png),
                         "plot: nothing to draw: no series has a finite point", kvt::error);
}

TEST_CASE("the key ends within the page on either terminal") {
    auto c = simple({{0, 1}});
    for (std::string const label : {"KV budget 0.20", "KV budget 0.50", "KV budget 1.00"})
        c.series.push_back({label, {{0, 1}}});
    CHECK(holds(gnuplot_script(c, image_format::png), " maxcols 4 "));
    CHECK(holds(gnuplot_script(c, image_format::svg), " maxcols 3 "));  // whose columns are wider
    c.series = {{std::string(200, 'w'), {{0, 1}}}, {"b", {{0, 1}}}};
    CHECK(holds(gnuplot_script(c, image_format::svg), " maxcols 1 "));
}

TEST_CASE("a chart that says nothing of its axes gets them from its data") {
    CHECK(holds(gnuplot_script(simple({{0, 1}, {10, 3}}), image_format::png), "set xrange [-0.4:10.4]\n"));
    CHECK(holds(gnuplot_script(simple({{0, 1}, {10, 3}}), image_format::png), "set yrange [0.0:3.15]\n"));
    CHECK(holds(gnuplot_script(simple({{0, -1}, {10, -1}}), image_format::png), "set yrange [-1."));
    CHECK(holds(gnuplot_script(simple({{5, 0}}), image_format::png), "set yrange [0.0:1.0]\n"));
    auto c = sample::accuracy_chart();
    CHECK(holds(gnuplot_script(c, image_format::png), "set xrange [-0.35:4.35]\n"));
    CHECK(holds(gnuplot_script(c, image_format::png), "set yrange [0.0:1.035]\n"));
    c = simple({{0, 1}, {1, 10}});
    c.x.scale = axis_scale::logarithmic;
    CHECK_THROWS_WITH_AS((void)gnuplot_script(c, image_format::png),
                         "plot: a logarithmic axis with values of 0 or below", kvt::error);
}

TEST_CASE("intervals of several series stand aside, and shared places stay apart") {
    chart c{.title = "t",
            .series = {{.label = "a", .points = {{0, 1, 0.5, 2}, {1, 1}}},
                       {.label = "b", .points = {{0, 1, 0.5, 2}, {1, 1}}}}};
    auto script = gnuplot_script(c, image_format::png);
    CHECK(holds(script, "$spans0 << EOD\n-0.025 0.5 0 1.5\nEOD\n"));
    CHECK(holds(script, "$spans1 << EOD\n0.025 0.5 0 1.5\nEOD\n"));
    c.series[1].points[0].low.reset();
    CHECK(holds(gnuplot_script(c, image_format::png), "$spans0 << EOD\n0.0 0.5 0 1.5\nEOD\n"));
    c.series[0].mark = c.series[1].mark = series_mark::bars;
    script = gnuplot_script(c, image_format::png);
    CHECK(holds(script, "$points0 << EOD\n-0.2 1.0 -0.384 -0.016"));
    CHECK(holds(script, "$points1 << EOD\n0.2 1.0 0.016 0.384"));
}

TEST_CASE("the legend takes as many columns as its labels leave room for") {
    chart c{.title = "t"};
    for (int i = 0; i < 6; ++i) c.series.push_back({.label = "s", .points = {{0, 1}}});
    CHECK(holds(gnuplot_script(c, image_format::png), "maxcols 6 "));
    c.series[0].label = std::string(40, 'x');
    CHECK(holds(gnuplot_script(c, image_format::png), "maxcols 1 "));
    for (auto& s : c.series) s.label.clear();
    auto const script = gnuplot_script(c, image_format::png);
    CHECK(holds(script, "unset key\n"));
    CHECK_FALSE(holds(script, "keyentry"));
    CHECK_FALSE(script.ends_with("\\\n\n"));
}

TEST_CASE("one ramp for series in an order, distinct colours otherwise") {
    auto c = sample::accuracy_chart();
    auto script = gnuplot_script(c, image_format::png);
    CHECK(holds(script, ordered_colour(0)));
    CHECK(holds(script, ordered_colour(1)));
    c.order = series_order::unordered;
    script = gnuplot_script(c, image_format::png);
    for (std::size_t i = 0; i < 4; ++i) CHECK(holds(script, categorical_colour(i)));
}

TEST_CASE("characters without a glyph become boxes in PNG alone") {
    auto c = simple({{0, 1}});
    c.title = "中 é –";
    CHECK(holds(gnuplot_script(c, image_format::png), "'□ é –'"));
    CHECK(holds(gnuplot_script(c, image_format::svg), "'中 é –'"));
}
