#include <doctest/doctest.h>
#include <kvt/quant/boundary_stats.hpp>

#include <vector>

TEST_CASE("the spread is the population's") {
    auto const s = kvt::quant::stats_of(std::vector{0.45, 0.89, 0.72});
    CHECK(s.min == 0.45);
    CHECK(s.max == 0.89);
    CHECK(s.mean == doctest::Approx(0.6866666667));
    CHECK(s.deviation == doctest::Approx(0.1811690432));
}

TEST_CASE("no scores, no statistics") {
    auto const s = kvt::quant::stats_of({});
    CHECK(s.min == 0);
    CHECK(s.max == 0);
    CHECK(s.mean == 0);
    CHECK(s.deviation == 0);
}

TEST_CASE("equal scores have no spread at all") {
    for (double const v : {0.1, 0.7, 1.0}) {
        auto const s = kvt::quant::stats_of(std::vector{v, v, v});
        CHECK(s.min == v);
        CHECK(s.deviation == 0);
    }
    CHECK(kvt::quant::stats_of(std::vector{0.3}).deviation == 0);
}
