#include "analysis/drops.hpp"

#include <doctest/doctest.h>
#include <kvt/analysis/mean_drop.hpp>

using kvt::analysis::mean_drop;
using test::sweep;

TEST_CASE("the first step of at least the threshold, between neighbours") {
    auto const found = mean_drop{}(sweep({{1.0, {0.8}}, {0.5, {0.6}}, {0.2, {0.1}}}));
    CHECK(found.transition_budget == 0.5);  // not the largest step
    CHECK(found.pre_budget == 1.0);
    CHECK(found.acc_pre == 0.8);
    CHECK(found.acc_post == 0.6);
    CHECK(found.transition_bin_idx == 0);
    CHECK(found.method == "overall_mean_drop");
    CHECK_FALSE(mean_drop{}(sweep({{1.0, {0.9}}, {0.5, {0.8}}, {0.4, {0.7}}, {0.3, {0.6}}})).found());
}

TEST_CASE("comparison is of doubles, without tolerance") {
    CHECK(mean_drop{}(sweep({{1.0, {0.5}}, {0.5, {0.35}}})).found());        // 0.15000000000000002
    CHECK_FALSE(mean_drop{}(sweep({{1.0, {0.6}}, {0.5, {0.45}}})).found());  // 0.14999999999999997
    CHECK(mean_drop{0}(sweep({{1.0, {0.8}}, {0.5, {0.8}}})).found());
    CHECK_FALSE(mean_drop{0}(sweep({{1.0, {0.8}}, {0.5, {0.8}}})).transition_bin_idx);
}

TEST_CASE("unmeasured bins are left out, unmeasured runs skipped") {
    auto const found = mean_drop{}(sweep({{1.0, {-1}}, {0.5, {0.8, -1}}, {0.2, {-1, 0.2}}}));
    CHECK(found.pre_budget == 0.5);
    CHECK(found.transition_budget == 0.2);
    CHECK_FALSE(found.transition_bin_idx);  // no bin measured at both
    CHECK_FALSE(mean_drop{}(sweep({{1.0, {-1}}, {0.5, {0.1}}})).found());
}

TEST_CASE("the bin that fell most, ties to the lowest") {
    CHECK(mean_drop{}(sweep({{1.0, {0.9, 0.8, 0.7}}, {0.2, {0.9, 0.5, 0.2}}})).transition_bin_idx == 2);
    CHECK(mean_drop{}(sweep({{1.0, {0.75, 0.75}}, {0.2, {0.5, 0.5}}})).transition_bin_idx == 0);
}
