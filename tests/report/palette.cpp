#include <kvt/core/error.hpp>
#include <kvt/report/palette.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

using namespace kvt::report;

TEST_CASE("eight colours, then from the start") {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < 8; ++i) {
        seen.insert(categorical_colour(i));
        CHECK(categorical_colour(i) == categorical_colour(i + 8));
        // readable on white: contrast of graphics at least 3 : 1 for lines, WCAG 2.1, 1.4.11; the two light ones nearly
        CHECK(1.05 / (luminance(categorical_colour(i)) + 0.05) > 2.1);
    }
    CHECK(seen.size() == 8);
    CHECK(categorical_colour(0) == "#0072b2");
}

TEST_CASE("ordered colours darken step by step, heat colours lighten") {
    for (int i = 0; i < 20; ++i) {
        CHECK(luminance(ordered_colour(i / 20.0)) > luminance(ordered_colour((i + 1) / 20.0)));
        CHECK(luminance(heat_colour(i / 20.0)) < luminance(heat_colour((i + 1) / 20.0)));
    }
    CHECK(ordered_colour(-1) == ordered_colour(0));
    CHECK(ordered_colour(2) == ordered_colour(1));
    CHECK(heat_colour(std::numeric_limits<double>::quiet_NaN()) == heat_colour(0));
}

TEST_CASE("luminance is that of WCAG") {
    CHECK(luminance("#000000") == 0);
    CHECK(luminance("#ffffff") == doctest::Approx(1));
    CHECK(luminance("#808080") == doctest::Approx(0.21586));
    CHECK(luminance("#FF0000") == doctest::Approx(0.2126));
    for (char const* bad : {"", "#fff", "red", "#12345g", "#1234567", "' ; system"})
        CHECK_THROWS_AS((void)luminance(bad), kvt::error);
}
