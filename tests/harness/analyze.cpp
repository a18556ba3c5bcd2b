// Analysis on rows made by hand: contrasts, zones, holds, what accuracy means, what time was really spent.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/mean_drop_all.hpp>
#include <kvt/analysis/paired_bins.hpp>

using namespace kvt;
using tests::group_of_rows;

namespace {

harness::contrast const& contrast_with(harness::findings const& f, std::string const& run, std::string const& control) {
    auto const at = std::find_if(f.contrasts.begin(), f.contrasts.end(),
                                 [&](auto const& c) { return c.run_id == run && c.control == control; });
    REQUIRE(at != f.contrasts.end());
    return *at;
}

}  // namespace

TEST_CASE("contrasts: every run beside the full cache, and beside random at the same budget") {
    group_of_rows g{2, 10};
    g.add("full", 1.0, [](auto) { return 1.0; });
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
    g.add("snapkv", 0.5, [](auto) { return 1.0; });
    g.add("snapkv", 0.2, [](auto) { return 0.0; });
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
    g.add("full", 1.0, [](auto) { return 1.0; });
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
    group_of_rows g{5, 10};
    g.add("full", 1.0, [](auto) { return 1.0; });
    g.add("snapkv", 0.5, [](auto) { return 1.0; });
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

TEST_CASE("a fall that is there only where unanswered requests count as 0 is failure-driven") {
    group_of_rows g{1, 10};
    g.add("full", 1.0, [](auto) { return 1.0; });
    g.add("snapkv", 0.5, [](auto i) { return i < 5 ? std::nullopt : std::optional{1.0}; });
    auto const f = g.analyzed();
    CHECK_FALSE(f.zones.front().step.found());
    CHECK(f.zones.front().failure_driven);
    CHECK(contrast_with(f, "snapkv_0.50", "baseline").bins.front().cause.kind == analysis::fall_kind::failure_driven);
}

TEST_CASE("what accuracy means is what the scores say; scores of two kinds are refused") {
    group_of_rows g{1, 4};
    g.metric_version = "kvt-1/em{}/f1{\"overlap\":\"multiset\"}";
    g.add("full", 1.0, [](auto) { return 1.0; });
    CHECK(g.analyzed().metric == "em");
    g.metric_version = "kvt-1/f1{\"overlap\":\"set\"}/em{}";
    g.add("snapkv", 0.5, [](auto) { return 1.0; });
    CHECK_THROWS_WITH_AS((void)g.analyzed(), doctest::Contains("others of the group by"), error);
    group_of_rows other{1, 4};
    other.metric_version = g.metric_version;
    other.add("full", 1.0, [](auto) { return 1.0; });
    CHECK(other.analyzed().metric == "f1 (set)");
    CHECK(store::first<harness::bin_stats_row>(other.db(), {})->metric == "f1 (set)");
}

TEST_CASE("a clear fall stays significant however many tests there are; p-values at the floor are bounds") {
    group_of_rows g{10, 12};
    g.add("full", 1.0, [](auto) { return 1.0; });
    for (int policy = 0; policy < 12; ++policy) g.add("p" + std::to_string(policy), 0.5, [](auto) { return 0.0; });
    auto const f = g.analyzed();  // 120 bins: with 2000 permutations none could come below 120/2001
    for (auto const& c : f.contrasts) {
        REQUIRE(c.p_holm);
        CHECK(*c.p_holm < 0.05);
        for (auto const& b : c.bins) CHECK(*b.p_holm < 0.05);
    }
    CHECK(harness::permutations_for(120, 2000) == 48'000);
    CHECK(harness::permutations_for(2, 2000) == 2000);
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

TEST_CASE("outputs are compared at temperature 0 only") {
    for (double temperature : {0.0, 0.7}) {
        group_of_rows g{1, 10};
        g.temperature = temperature;
        g.add("full", 1.0, [](auto) { return 1.0; });
        g.add("snapkv", 0.5, [](auto) { return 1.0; });
        auto const f = g.analyzed();
        auto const& outputs = f.contrasts.front().outputs;
        REQUIRE(outputs.has_value() == (temperature == 0));
        if (outputs) CHECK(outputs->pairs == 10);
        if (outputs) CHECK(outputs->suspect);
    }
}

TEST_CASE("time that was not spent makes no speed-up") {
    group_of_rows g{1, 10};
    g.add("full", 1.0, [](auto) { return 1.0; });
    g.notes = R"({"prefill_cached":true})";
    g.attempts = 3;
    g.add("snapkv", 0.5, [](auto) { return 1.0; });
    auto const f = g.analyzed();
    CHECK(f.runs[0].cached_prefills == 0);
    CHECK(f.runs[0].cost.wall_span_s);
    CHECK(f.runs[0].retries == 0);
    CHECK(f.runs[1].cached_prefills == 10);
    CHECK_FALSE(f.runs[1].cost.wall_span_s);
    CHECK_FALSE(f.runs[1].cost.effective_rpm);
    CHECK(f.runs[1].latency_p50);
    CHECK(f.runs[1].retries == 20);
    CHECK(*f.prompts.front().p50 == 100);
}

TEST_CASE("coverage comes from the interval rule, or is not there") {
    group_of_rows g{1, 4};
    g.add("full", 1.0, [](auto) { return 1.0; });
    CHECK(g.analyzed({}, {}, numeric::bootstrap{.resamples = 50, .alpha = 0.1}).alpha == 0.1);
    CHECK(harness::interval_words(g.analyzed({}, {}, numeric::bootstrap{.resamples = 50, .alpha = 0.1})) ==
          "90 % interval");
    CHECK(harness::interval_words(g.analyzed({}, {}, numeric::normal_interval{.alpha = 0.025})) == "97.5 % interval");
}
