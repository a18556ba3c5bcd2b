// One run in memory: what accuracy means, and what time was really spent.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/harness/measured.hpp>

using namespace kvt;
using tests::full_is_right, tests::group_of_rows, tests::right;

TEST_CASE("what accuracy means is what the scores say; scores of two kinds are refused") {
    group_of_rows g{1, 4};
    g.metric_version = "kvt-1/em{}/f1{\"overlap\":\"multiset\"}";
    g.add("full", 1.0, right);
    CHECK(g.analyzed().metric == "em");
    g.metric_version = "kvt-1/f1{\"overlap\":\"set\"}/em{}";
    g.add("snapkv", 0.5, right);
    CHECK_THROWS_WITH_AS((void)g.analyzed(), doctest::Contains("others of the group by"), error);
    group_of_rows other{1, 4};
    other.metric_version = g.metric_version;
    other.add("full", 1.0, right);
    CHECK(other.analyzed().metric == "f1 (set)");
    CHECK(store::first<harness::bin_stats_row>(other.db(), {})->metric == "f1 (set)");
}

TEST_CASE("time that was not spent makes no speed-up") {
    full_is_right g{1, 10};
    g.notes = R"({"prefill_cached":true})";
    g.attempts = 3;
    g.add("snapkv", 0.5, right);
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
