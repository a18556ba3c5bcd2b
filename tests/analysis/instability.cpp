#include "analysis/drops.hpp"

#include <doctest/doctest.h>
#include <kvt/analysis/instability.hpp>

#include <cmath>

using namespace kvt::analysis;

TEST_CASE("for scores of 0 and 1 the dispersion ratio is 1 whatever the accuracy") {
    instability_bins bins;
    for (double const p : {0.9, 0.7, 0.5, 0.2}) {
        bins.acc_base.push_back(0.9), bins.acc.push_back(p), bins.std.push_back(std::sqrt(p * (1 - p))),
            bins.fail.push_back(0.0);
    }
    auto const zone = instability{}.examine(bins, 0.2);
    for (auto const& ratio : zone.dispersion_ratio) CHECK(*ratio == doctest::Approx(1));
    CHECK(zone.first_collapse_bin == 3);
}

TEST_CASE("collapsed bins are never unstable, and the zone ends before the first of them") {
    instability_bins const bins{{0.8, 0.8, 0.8, 0.8}, {0.8, 0.7, 0.6, 0.1}, {0.1, 0.4, 0.4, 0.1}, {0.0, 0.0, 0.0, 0.9}};
    auto const zone = instability{.z_threshold = 0.9}.examine(bins, 0.2);
    CHECK(zone.unstable_bins == std::vector<std::int64_t>{1, 2});
    CHECK(zone.zone_first == 1);
    CHECK(zone.zone_last == 2);
    CHECK(zone.precedes_collapse);
}

TEST_CASE("z-scores are centred, of unit spread, and null where nothing varies") {
    auto const z = kvt::analysis::detail::z_scores({0.1, std::nullopt, 0.5, 0.9});
    CHECK_FALSE(z[1]);
    CHECK(*z[0] + *z[2] + *z[3] == doctest::Approx(0));
    CHECK(*z[0] * *z[0] + *z[2] * *z[2] + *z[3] * *z[3] == doctest::Approx(3));
    for (auto const& none : kvt::analysis::detail::z_scores({0.1, 0.1, 0.1})) CHECK_FALSE(none);
    CHECK_FALSE(kvt::analysis::detail::z_scores({0.4})[0]);
}

TEST_CASE("the longest run of neighbours, ties to the first") {
    using kvt::analysis::detail::longest_run;
    CHECK_FALSE(longest_run({}));
    CHECK(*longest_run(std::vector<std::int64_t>{1, 3, 4, 6, 7}) == std::pair<std::int64_t, std::int64_t>{3, 4});
    CHECK(*longest_run(std::vector<std::int64_t>{5}) == std::pair<std::int64_t, std::int64_t>{5, 5});
}

TEST_CASE("every budget below the largest is examined against it, bin by bin") {
    auto const report = instability{}(test::sweep({{0.2, {0.1, 0.7}}, {1.0, {0.8, 0.8}}, {0.5, {0.8, 0.3}}}));
    REQUIRE(report.budgets.size() == 2);
    CHECK(report.budgets[0].budget == 0.5);
    CHECK(report.budgets[0].first_collapse_bin == 1);
    CHECK(report.budgets[1].first_collapse_bin == 0);
    CHECK(instability{}({}).budgets.empty());
}

TEST_CASE("a baseline of 0 or none retains nothing that could collapse") {
    auto const zone = instability{}.examine({{0.0, std::nullopt}, {0.0, 0.1}, {0.0, 0.1}, {0.0, 0.0}}, 0.5);
    CHECK_FALSE(zone.retention[0]);
    CHECK_FALSE(zone.retention[1]);
    CHECK_FALSE(zone.first_collapse_bin);
    CHECK_FALSE(zone.dispersion_ratio[0]);
}
