#include "sample.hpp"

#include <kvt/report/heat_map.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace kvt::report;

namespace {
bool holds(std::string const& script, std::string_view part) { return script.find(part) != script.npos; }
}  // namespace

TEST_CASE("cells carry their colour and their number") {
    heat_map const m{.title = "t", .columns = {"a", "b"}, .rows = {"r"}, .values = {{0.0, 2.0}}};
    auto const script = gnuplot_script(m, image_format::png);
    CHECK(holds(script, "0.0 0.0 -0.49 0.49 -0.485 0.485 0x" + heat_colour(0).substr(1) + "\n"));
    CHECK(holds(script, "1.0 0.0 0.51 1.49 -0.485 0.485 0x" + heat_colour(1).substr(1) + "\n"));
    CHECK(holds(script, "$light << EOD\n0.0 0.0 0.00\nEOD\n"));
    CHECK(holds(script, "$dark << EOD\n1.0 0.0 2.00\nEOD\n"));
    CHECK(holds(script, "set cbrange [0.0:2.0]\n"));
    CHECK_FALSE(holds(script, "$absent"));
}

TEST_CASE("cells without a value are grey and say so") {
    heat_map const m{.title = "t", .columns = {"a", "b"}, .rows = {"r"}, .values = {{std::nullopt, 1.0}}};
    CHECK(holds(gnuplot_script(m, image_format::png), "$absent << EOD\n0.0 0.0 N/A\nEOD\n"));
    CHECK(holds(gnuplot_script(m, image_format::png), "0xe9ecef\n"));
}

TEST_CASE("a map of nothing or of another shape is refused") {
    heat_map m{.title = "t", .columns = {"a"}, .rows = {"r"}, .values = {{std::nullopt}}};
    CHECK_FALSE(has_data(m));
    CHECK_THROWS_WITH_AS((void)gnuplot_script(m, image_format::png),
                         "plot: nothing to draw: no cell has a finite value", kvt::error);
    m.values = {{1.0, 2.0}};
    CHECK(has_data(m));
    CHECK_THROWS_WITH_AS((void)gnuplot_script(m, image_format::png), "plot: values that are not rows by columns",
                         kvt::error);
    m.values = {{1.0}, {2.0}};
    CHECK_THROWS_AS((void)gnuplot_script(m, image_format::png), kvt::error);
    m.values = {{std::numeric_limits<double>::quiet_NaN()}};
    CHECK_FALSE(has_data(m));
}

TEST_CASE("the overlay is drawn with its name, over a pale band") {
    auto const script = gnuplot_script(sample::transition_map(), image_format::svg);
    CHECK(holds(script, "$overlay << EOD\n0.9 -0.2\n"));
    CHECK(holds(script, "title 'half of the full cache''s accuracy'"));
    CHECK(script.find("$overlay using 1:2 with lines lw 7") < script.find("$overlay using 1:2 with linespoints"));
}
