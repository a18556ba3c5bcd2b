// Analysis on rows made by hand: contrasts, zones, intervals.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/mean_drop_all.hpp>
#include <kvt/analysis/paired_bins.hpp>

using namespace kvt;
using tests::full_is_right, tests::group_of_rows, tests::right, tests::wrong;

namespace {

harness::contrast const& contrast_with(harness::findings const& f, std::string const& run, std::string const& control) {
    auto const at = std::find_if(f.contrasts.begin(), f.contrasts.end(),
                                 [&](auto const& c) { return c.run_id == run && c.control == control; });
    REQUIRE(at != f.contrasts.end());
    return *at;
}

}  // namespace

TEST_CASE("contrasts: every run beside the full cache, and beside random at the same budget") {
    full_is_right g{2, 10};
    g.add("snapkv", 0.5, [](auto i) { return i < 15 ? 1.0 : 0.0; });
    g.add("random", 0.5, [](auto i) { return i % 4 == 0 ? 1.0 : 0.0; });
    auto const f = g.analyzed();
    CHECK(f.baseline_run == "full_1.00");
    CHECK(f.baseline_budget == 1);
    CHECK(f.contrasts.size() == 3);  // random is not compared with itself
    auto const& full = contrast_with(f, "snapkv_0.50", "baseline");
    CHECK(*full.pairs.difference == doctest::Approx(-0.25));
    REQUIRE(full.bins.size() == 2);
    CHECK(*full.bins[0].pairs.difference == 0);
    CHECK(*full.bins[1].pairs.difference == doctest::Approx(-0.5));
    CHECK(full.bins[1].cause.kind == analysis::fall_kind::degradation);
    CHECK(full.verdict);
    CHECK(*contrast_with(f, "snapkv_0.50", "random").pairs.difference == doctest::Approx(0.5));
}

TEST_CASE("without a full cache the largest budget is the baseline, and says so") {
    group_of_rows g{1, 10};
    g.add("snapkv", 0.5, right);
    g.add("snapkv", 0.2, wrong);
    auto const f = g.analyzed();
    CHECK(f.baseline_run == "snapkv_0.50");
    CHECK(f.baseline_budget == 0.5);
    CHECK(harness::baseline_words(f) == "the largest budget (0.50)");
    CHECK(f.contrasts.size() == 1);
    CHECK(f.zones.front().step.transition_budget == 0.2);
}

TEST_CASE("the interval of a transition is that of its own fall: bins weigh the same whatever their sizes") {
    // 40 prompts in the first bin, 4 in the second; the second alone falls, from 1 to 0.
    group_of_rows g{std::vector<std::int64_t>{40, 4}};
    g.add("full", 1.0, right);
    g.add("snapkv", 0.5, [](auto i) { return i < 40 ? 1.0 : 0.0; });
    auto const zone = g.analyzed().zones.front();
    CHECK(*zone.step.drop == 0.5);
    CHECK(*zone.drop_low == doctest::Approx(0.5));  // every prompt of a bin behaves the same
    CHECK(*zone.drop_high == doctest::Approx(0.5));
}

TEST_CASE("the interval holds the fall also where answers are missing on either side") {
    group_of_rows g{2, 12};
    g.add("full", 1.0, [](auto i) { return i == 3 ? std::nullopt : std::optional{i % 6 == 0 ? 0.0 : 1.0}; });
    g.add("snapkv", 0.5, [](auto i) { return i % 5 == 0 ? std::nullopt : std::optional{i % 3 == 0 ? 1.0 : 0.0}; });
    for (auto const& f : {g.analyzed(), g.analyzed(analysis::mean_drop_all{}), g.analyzed(analysis::paired_bins{})}) {
        auto const& zone = f.zones.front();
        REQUIRE(zone.step.found());
        REQUIRE(zone.drop_low);
        CHECK(*zone.drop_low < *zone.step.drop);
        CHECK(*zone.drop_high > *zone.step.drop);
    }
}

TEST_CASE("a fall that is there only where unanswered requests count as 0 is failure-driven") {
    full_is_right g{1, 10};
    g.add("snapkv", 0.5, [](auto i) { return i < 5 ? std::nullopt : std::optional{1.0}; });
    auto const f = g.analyzed();
    CHECK_FALSE(f.zones.front().step.found());
    CHECK(f.zones.front().failure_driven);
    CHECK(contrast_with(f, "snapkv_0.50", "baseline").bins.front().cause.kind == analysis::fall_kind::failure_driven);
}

TEST_CASE("the seed of the permutations is the options'") {
    group_of_rows g{1, 9};
    g.add("full", 1.0, [](auto i) { return 0.1 * static_cast<double>(i); });
    g.add("snapkv", 0.5, [](auto i) { return 0.05 * static_cast<double>(9 - i); });
    auto const p = [&](std::int64_t seed) {
        return *g.analyzed({}, {.seed = seed}).contrasts.front().pairs.p_two_sided;
    };
    CHECK(p(1) == p(1));
    CHECK(p(1) != p(2));
}

TEST_CASE("coverage comes from the interval rule, or is not there") {
    full_is_right g{1, 4};
    CHECK(g.analyzed({}, {}, numeric::bootstrap{.resamples = 50, .alpha = 0.1}).alpha == 0.1);
    CHECK(harness::interval_words(g.analyzed({}, {}, numeric::bootstrap{.resamples = 50, .alpha = 0.1})) ==
          "90 % interval");
    CHECK(harness::interval_words(g.analyzed({}, {}, numeric::normal_interval{.alpha = 0.025})) == "97.5 % interval");
}
