#include <doctest/doctest.h>
#include <kvt/numeric/hypothesis.hpp>

#include <vector>

using namespace kvt::numeric;
using kvt::random_stream;

TEST_CASE("all tails come from the flips of each") {
    using kvt::numeric::alternative;
    std::vector const d{-0.5, 0.25, -0.25, 0.0, -1.0, 0.125};
    auto const all = kvt::numeric::sign_flip_all(d, 500, random_stream{7, "x"});
    auto const one = [&](alternative side) { return sign_flip(d, 500, random_stream{7, "x"}, side)->p_value; };
    CHECK(all->less == one(alternative::less));
    CHECK(all->greater == one(alternative::greater));
    CHECK(all->two_sided == one(alternative::two_sided));
    CHECK(all->less + all->greater > 1);  // an equal outcome counts on both sides
    CHECK(all->two_sided > all->less);
}

TEST_CASE("no differences, no test") { CHECK_FALSE(sign_flip(std::vector<double>{}, 100, random_stream{1, "x"})); }

TEST_CASE("known p-values") {
    std::vector<double> const falls{-0.5, -0.4, -0.6, -0.2, -0.3, -0.5, -0.1, -0.4};
    auto const test = sign_flip(falls, 199, random_stream{1337, "flip|x"});
    CHECK(test->mean == doctest::Approx(-0.375));
    CHECK(test->p_value == 0.01);
    CHECK(sign_flip(std::vector{0.0, 0.0}, 199, random_stream{1, "x"})->p_value == 1);
}

TEST_CASE("p-values approach the exact ones") {
    // Five equal falls: all-negative is the only outcome as low, one sign pattern of 32.
    std::vector<double> const falls(5, -1.0);
    auto const p = [&](alternative side) { return sign_flip(falls, 40'000, random_stream{5, "exact"}, side)->p_value; };
    CHECK(p(alternative::less) == doctest::Approx(1.0 / 32).epsilon(0.1));
    CHECK(p(alternative::two_sided) == doctest::Approx(2.0 / 32).epsilon(0.1));
    CHECK(p(alternative::greater) == 1);
}

TEST_CASE("turning all signs turns the side") {
    kvt::random_stream values{6, "sides"};
    for (int round = 0; round < 20; ++round) {
        std::vector<double> d, turned;
        for (int i = 0; i < 7; ++i) d.push_back(values.unit() - 0.4), turned.push_back(-d.back());
        random_stream const stream{7, "sides|" + std::to_string(round)};
        CHECK(sign_flip(d, 300, stream, alternative::less)->p_value ==
              sign_flip(turned, 300, stream, alternative::greater)->p_value);
        CHECK(sign_flip(d, 300, stream, alternative::two_sided)->p_value ==
              sign_flip(turned, 300, stream, alternative::two_sided)->p_value);
    }
}

TEST_CASE("without an effect, p-values below 5 % are about 5 %") {
    int small = 0;
    random_stream values{8, "level"};
    for (int experiment = 0; experiment < 1000; ++experiment) {
        std::vector<double> d(12);
        for (double& v : d) v = values.unit() - 0.5;
        small += sign_flip(d, 199, random_stream{8, "level|" + std::to_string(experiment)})->p_value <= 0.05;
    }
    CHECK(small > 25);
    CHECK(small < 80);
}
