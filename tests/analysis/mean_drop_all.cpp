#include "analysis/drops.hpp"

#include <doctest/doctest.h>
#include <kvt/analysis/mean_drop.hpp>
#include <kvt/analysis/mean_drop_all.hpp>

using namespace kvt::analysis;

TEST_CASE("answers that stop arriving show here and not in the conditional mean") {
    auto runs = test::sweep({{1.0, {0.8, 0.8}}, {0.2, {0.8, 0.8}}});
    runs[1].bins[1].acc_mean_all = 0.2;  // most requests of the long bin failed
    CHECK_FALSE(mean_drop{}(runs).found());
    auto const found = mean_drop_all{}(runs);
    CHECK(found.transition_budget == 0.2);
    CHECK(found.acc_post == 0.5);
    CHECK(found.transition_bin_idx == 1);
    CHECK(found.method == "overall_mean_drop_all");
}
