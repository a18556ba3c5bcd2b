// P-values of many tests at once.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/harness/many_tests.hpp>

using namespace kvt;
using tests::full_is_right, tests::wrong;

TEST_CASE("a clear fall stays significant however many tests there are; p-values at the floor are bounds") {
    full_is_right g{10, 12};
    for (int policy = 0; policy < 12; ++policy) g.add("p" + std::to_string(policy), 0.5, wrong);
    auto const f = g.analyzed();  // 120 bins: with 2000 permutations none could come below 120/2001
    for (auto const& c : f.contrasts) {
        REQUIRE(c.p_holm);
        CHECK(*c.p_holm < 0.05);
        for (auto const& b : c.bins) CHECK(*b.p_holm < 0.05);
    }
    CHECK(harness::permutations_for(120, 2000) == 48'000);
    CHECK(harness::permutations_for(2, 2000) == 2000);
}
