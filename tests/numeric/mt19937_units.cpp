#include <kvt/numeric/mt19937_units.hpp>

#include <doctest/doctest.h>

using kvt::numeric::mt19937_units;

TEST_CASE("the published first numbers of seed 42") {
    mt19937_units draws{42};
    CHECK(draws.unit() == 0.3745401188473625);
    CHECK(draws.unit() == 0.9507143064099162);
    CHECK(mt19937_units{42}.normal() == doctest::Approx(0.4967141530112327).epsilon(1e-15));
}

TEST_CASE("the second of a pair of normals survives numbers drawn in between, and copies go their own way") {
    mt19937_units plain{7}, mixed{7};
    double const first = plain.normal(), second = plain.normal();
    CHECK(mixed.normal() == first);
    auto copy = mixed;
    (void)mixed.uniform(-1, 1);
    CHECK(mixed.normal() == second);
    CHECK(copy.normal() == second);
    CHECK(copy.unit() != mixed.unit());
    mixed = copy;
    CHECK(copy.unit() == mixed.unit());
}
