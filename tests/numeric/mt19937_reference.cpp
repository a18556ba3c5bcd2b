#include <doctest/doctest.h>
#include <kvt/numeric/mt19937_reference.hpp>

#include <array>

using kvt::numeric::mt19937_reference;

TEST_CASE("first words for seeds of one and two words, and of either sign") {
    CHECK(mt19937_reference{1337}.next() == 2653228291U);
    CHECK(mt19937_reference{0}.next() == 3626764237U);
    CHECK(mt19937_reference{1099511627779}.next() == 943978446U);
    CHECK(mt19937_reference{-5}.next() == mt19937_reference{5}.next());
    CHECK(mt19937_reference{INT64_MIN}.next() != mt19937_reference{0}.next());
}

TEST_CASE("indices stay below n and reach all of it") {
    mt19937_reference stream{42};
    std::array<int, 5> seen{};
    for (int i = 0; i < 5000; ++i) ++seen.at(stream.below(5));
    for (int const count : seen) CHECK(std::abs(count - 1000) < 150);
    CHECK(mt19937_reference{42}.below(1) == 0);
    mt19937_reference big{42};
    for (int i = 0; i < 100; ++i) CHECK(big.below(0x80000001U) <= 0x80000000U);
}
