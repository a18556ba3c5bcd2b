#include "analysis/drops.hpp"

#include <doctest/doctest.h>
#include <kvt/analysis/mean_drop.hpp>
#include <kvt/analysis/paired_bins.hpp>

using namespace kvt::analysis;
using test::sweep;

TEST_CASE("a bin missing on one side cannot look like a fall") {
    auto const runs = sweep({{1.0, {0.9, -1}}, {0.5, {0.9, 0.1}}});
    CHECK(mean_drop{}(runs).found());
    CHECK_FALSE(paired_bins{}(runs).found());
}

TEST_CASE("both means are over the common bins; neighbours without one are not compared") {
    auto const found = paired_bins{}(sweep({{1.0, {0.2, 0.8, 0.9}}, {0.5, {-1, 0.5, 0.3}}}));
    CHECK(*found.acc_pre == doctest::Approx(0.85));
    CHECK(*found.acc_post == doctest::Approx(0.4));
    CHECK(found.transition_bin_idx == 2);
    CHECK_FALSE(paired_bins{}(sweep({{1.0, {0.9, -1}}, {0.5, {-1, 0.1}}})).found());
}
