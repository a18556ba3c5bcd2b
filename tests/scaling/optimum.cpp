#include <kvt/scaling/optimum.hpp>

#include <laws/optimum_rule.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace kvt;

namespace {

/// Runs at one budget whose loss is a parabola in log10 N with its vertex at `best`.
std::vector<scaling::run_point> runs_around(double best, std::vector<double> const& sizes, double budget = 6e18) {
    std::vector<scaling::run_point> out;
    for (double const n : sizes)
        out.push_back({budget, n, budget / (6 * n), 2 + 0.3 * std::pow(std::log10(n / best), 2)});
    return out;
}

}  // namespace

TEST_CASE("a parabola finds a vertex between the sizes; the best run is one of them") {
    auto const runs = runs_around(3e8, {1e7, 1e8, 1e9, 1e10});
    auto const curve = scaling::quadratic{}(runs);
    CHECK(curve.method == scaling::optimum_method::quadratic);
    CHECK(curve.at.model_size == doctest::Approx(3e8).epsilon(1e-9));
    CHECK(curve.at.num_tokens == doctest::Approx(1e18 / 3e8).epsilon(1e-9));
    CHECK(curve.at.final_loss == doctest::Approx(2).epsilon(1e-12));
    auto const best = scaling::empirical{}(runs);
    CHECK(best.at.model_size == 1e8);
    CHECK(best.row == 1);
}

TEST_CASE("where a parabola says nothing the best run does") {
    auto const outside = scaling::quadratic{}(runs_around(1e11, {1e7, 1e8, 1e9}));
    CHECK(outside.method == scaling::optimum_method::empirical_fallback);
    CHECK(outside.at.model_size == 1e9);
    auto const two = scaling::quadratic{}(runs_around(1e8, {1e7, 1e9, 1e9}));
    CHECK(two.method == scaling::optimum_method::empirical_fallback);
}

TEST_CASE("sizes that must not fall leave budgets out") {
    std::vector<scaling::run_point> const points{
        {1e17, 100, 10, 3}, {1e18, 50, 10, 2}, {1e18, 200, 10, 2.5}, {1e19, 150, 10, 1}};
    auto const any = find_optima(scaling::empirical{}, points);
    REQUIRE(any.size() == 3);
    CHECK(any[1].row == 1);
    auto const ascending = find_optima(scaling::empirical{}, points, scaling::size_order::ascending);
    REQUIRE(ascending.size() == 2);
    CHECK(ascending[1].row == 2);
    CHECK(*scaling::median_ratio(ascending) == doctest::Approx((0.1 + 0.05) / 2));
    CHECK_FALSE(scaling::median_ratio({}));
}

TEST_CASE("all rules keep the law") {
    for (double const best : {2e7, 3e8, 1e12}) {
        laws::check_optimum_rule(scaling::empirical{}, runs_around(best, {1e7, 1e8, 1e9, 1e10}));
        laws::check_optimum_rule(scaling::quadratic{}, runs_around(best, {1e7, 1e8, 1e9, 1e10}));
    }
}
