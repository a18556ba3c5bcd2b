#include "laws/interval_rule.hpp"

using namespace kvt::numeric;

TEST_CASE("the normal interval keeps the laws") {
    laws::check_interval_rule(normal_interval{});
    laws::check_interval_rule(normal_interval{0.5});
    normal_interval const rule{0.1};
    laws::check_interval_rule(interval_view{rule});
}

TEST_CASE("means of means: the variances of the groups' means add up") {
    std::vector<double> const few{0, 1, 0, 1}, many(100, 0.25);
    std::vector<std::span<double const>> const groups{few, many};
    auto const range = *normal_interval{}.mean_of_means(groups);
    double const half = 1.959963984540054 * std::sqrt(1.0 / 12) / 2;
    CHECK(range.low == doctest::Approx(0.375 - half));
    CHECK(range.high == doctest::Approx(0.375 + half));
}

TEST_CASE("the normal interval in closed form") {
    // The values 0 and 1, twice each: mean 1/2, s² = 1/3, so half the width is z·√(1/12).
    auto const range = normal_interval{}.mean(std::vector{0.0, 1.0, 0.0, 1.0});
    double const half = 1.959963984540054 * std::sqrt(1.0 / 12);
    CHECK(range->low == doctest::Approx(0.5 - half));
    CHECK(range->high == doctest::Approx(0.5 + half));
}

TEST_CASE("a paired difference is the interval of the differences") {
    std::vector<double> const a{0.9, 0.8, 0.7}, b{0.1, 0.2, 0.6};
    CHECK(paired_difference(normal_interval{}, a, b, "x") == normal_interval{}.mean(differences(a, b)));
    CHECK(differences(a, b)[0] == 0.9 - 0.1);
}
