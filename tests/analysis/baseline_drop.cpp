#include "analysis/drops.hpp"

#include <doctest/doctest.h>
#include <kvt/analysis/baseline_drop.hpp>

using kvt::analysis::baseline_drop;
using test::sweep;

TEST_CASE("a slide in small steps is found against the largest measured budget") {
    auto const found = baseline_drop{}(sweep({{0.3, {0.6}}, {1.0, {0.9}}, {0.5, {0.8}}, {0.4, {0.7}}}));
    CHECK(found.transition_budget == 0.4);
    CHECK(found.pre_budget == 1.0);
    CHECK(found.drop == 0.9 - 0.7);
    CHECK(baseline_drop{}(sweep({{1.0, {-1}}, {0.5, {0.9}}, {0.2, {0.5}}})).pre_budget == 0.5);
}

TEST_CASE("a dip below a higher middle is no fall from the baseline") {
    CHECK_FALSE(baseline_drop{}(sweep({{1.0, {0.5}}, {0.5, {0.7}}, {0.2, {0.45}}})).found());
}
