#include "analysis/drops.hpp"

#include <doctest/doctest.h>
#include <kvt/analysis/monotonicity.hpp>

using namespace kvt::analysis;

TEST_CASE("accuracy that grows with the budget is its own fit") {
    auto const check = monotonicity{}(test::sweep({{0.2, {0.3}}, {1.0, {0.8}}, {0.5, {0.6}}}));
    CHECK(check.max_violation == 0);
    CHECK(check.budgets == std::vector{1.0, 0.5, 0.2});
    CHECK(check.fitted == check.measured);
}

TEST_CASE("an accuracy that rises as the budget falls is pooled, and its size is told") {
    auto const check = monotonicity{}(test::sweep({{1.0, {0.6}}, {0.5, {0.8}}, {0.2, {0.3}}}));
    CHECK(check.fitted[0] == doctest::Approx(0.7));
    CHECK(check.fitted[1] == doctest::Approx(0.7));
    CHECK(check.max_violation == doctest::Approx(0.1));
}

TEST_CASE("unmeasured runs are left out, and lists must match") {
    CHECK(monotonicity{}(test::sweep({{1.0, {-1}}, {0.5, {0.5}}})).budgets == std::vector{0.5});
    CHECK(monotonicity{}({}).budgets.empty());
    CHECK_THROWS_AS((void)check_monotone(std::vector{1.0}, {}, {}), kvt::error);
}
