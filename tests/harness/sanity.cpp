// The sanity set: a run beside its baseline, prompt by prompt.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/harness/group.hpp>
#include <kvt/harness/measured.hpp>
#include <kvt/harness/sanity.hpp>

using namespace kvt;
using tests::group_of_rows;

TEST_CASE("scores that rise and short prompts that fail are flagged; larger groups have no sanity set") {
    group_of_rows g{2, 3};
    g.add("full", 1.0, [](auto i) { return i == 1 ? 0.0 : 1.0; });
    g.add("snapkv", 0.5, [](auto i) { return i == 0 || i == 5 ? std::nullopt : std::optional{1.0}; });
    auto const runs = harness::group_runs(g.db(), "g");
    auto const full = harness::measure(g.db(), runs[0], harness::truncation::failure);
    auto const low = harness::measure(g.db(), runs[1], harness::truncation::failure);
    auto const cases = harness::sanity_cases(g.db(), low, full);
    REQUIRE(cases.size() == 6);
    CHECK(cases[0].flag == "fails short");
    CHECK_FALSE(cases[0].low);
    CHECK(cases[1].flag == "rises");
    CHECK(cases[1].baseline == 0);
    CHECK(cases[2].flag.empty());
    CHECK(cases[5].flag.empty());  // it failed, but is of the second bin
    CHECK(cases[5].token_len == 200);
    CHECK(cases[5].run_id == "snapkv_0.50");
    CHECK(harness::sanity_cases(g.db(), low, full, 5).empty());
}
