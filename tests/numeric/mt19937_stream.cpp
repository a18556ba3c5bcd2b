#include <kvt/numeric/mt19937_stream.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>

using kvt::numeric::mt19937_stream;

TEST_CASE("the published first numbers of seed 42") {
    auto draws = mt19937_stream::seeded(42);
    CHECK(draws.unit() == 0.3745401188473625);
    CHECK(draws.unit() == 0.9507143064099162);
    CHECK(mt19937_stream::seeded(42).normal() == doctest::Approx(0.4967141530112327).epsilon(1e-15));
}

TEST_CASE("the second of a pair of normals survives numbers drawn in between, and copies go their own way") {
    auto plain = mt19937_stream::seeded(7), mixed = mt19937_stream::seeded(7);
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

TEST_CASE("first words for seeds of one and two words, and of either sign") {
    CHECK(mt19937_stream::keyed(1337).next() == 2653228291U);
    CHECK(mt19937_stream::keyed(0).next() == 3626764237U);
    CHECK(mt19937_stream::keyed(1099511627779).next() == 943978446U);
    CHECK(mt19937_stream::keyed(-5).next() == mt19937_stream::keyed(5).next());
    CHECK(mt19937_stream::keyed(INT64_MIN).next() != mt19937_stream::keyed(0).next());
}

TEST_CASE("indices stay below n and reach all of it") {
    auto stream = mt19937_stream::keyed(42);
    std::array<int, 5> seen{};
    for (int i = 0; i < 5000; ++i) ++seen.at(stream.below(5));
    for (int const count : seen) CHECK(std::abs(count - 1000) < 150);
    CHECK(mt19937_stream::keyed(42).below(1) == 0);
    auto big = mt19937_stream::keyed(42);
    for (int i = 0; i < 100; ++i) CHECK(big.below(0x80000001U) <= 0x80000000U);
}
