#include <doctest/doctest.h>
#include <kvt/core/instruction_set.hpp>

using kvt::instruction_set;

TEST_CASE("the portable set is always there, and the best is the last") {
    auto const sets = kvt::usable_instruction_sets();
    REQUIRE_FALSE(sets.empty());
    CHECK(sets.front() == instruction_set::portable);
    CHECK(sets.back() == kvt::best_instruction_set());
    for (auto const set : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
        bool usable = false;
        for (auto const one : sets) usable = usable || one == set;
        if (usable) CHECK_NOTHROW(kvt::check_usable(set));
        else CHECK_THROWS_AS(kvt::check_usable(set), kvt::error);
    }
}
