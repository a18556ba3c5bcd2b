// Falls between runs, prompt by prompt, and bins that hold down to a budget.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/harness/falls.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/measured.hpp>
#include <kvt/numeric/moments.hpp>

using namespace kvt;
using tests::full_is_right, tests::group_of_rows, tests::right;

TEST_CASE(
    "the influence of pairs: with every answer there it is the paired difference, and its mean is always the fall") {
    group_of_rows g{1, 6};
    g.add("full", 1.0, [](auto i) { return i == 5 ? std::nullopt : std::optional{0.2 * static_cast<double>(i)}; });
    g.add("snapkv", 0.5, [](auto i) { return i == 0 ? std::nullopt : std::optional{0.1}; });
    auto const runs = harness::group_runs(g.db(), "g");
    auto const full = harness::measure(g.db(), runs[0], harness::truncation::failure);
    auto const low = harness::measure(g.db(), runs[1], harness::truncation::failure);
    auto const scored = harness::paired_falls(full, low, 0, harness::averaged::scored);
    REQUIRE(scored.size() == 6);
    CHECK(*numeric::mean(scored) == doctest::Approx(0.4 - 0.1));
    auto const all = harness::paired_falls(full, low, 0, harness::averaged::all);
    for (std::size_t i = 0; i < 6; ++i) {
        double const before = i == 5 ? 0 : 0.2 * static_cast<double>(i), after = i == 0 ? 0 : 0.1;
        CHECK(all[i] == doctest::Approx(before - after));
    }
}

TEST_CASE("zones and holds: a flat mean hides a bin that does not hold") {
    full_is_right g{5, 10};
    g.add("snapkv", 0.5, right);
    g.add("snapkv", 0.2, [](auto i) { return i < 5 ? 0.0 : 1.0; });  // half of the first bin
    auto const f = g.analyzed();
    auto const& zone = f.zones.front();
    CHECK_FALSE(zone.step.found());
    CHECK_FALSE(zone.drop_low);
    REQUIRE(zone.bins.size() == 5);
    CHECK(zone.bins[0].holds_at == 0.5);
    CHECK(zone.bins[1].holds_at == 0.2);
    CHECK(zone.smallest_budget == 0.2);
    CHECK(harness::zone_sentence(zone, f).find("1 of 5 bins does not hold to the smallest budget") !=
          std::string::npos);
}
