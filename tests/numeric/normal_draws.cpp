#include <kvt/numeric/normal_draws.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace kvt;

TEST_CASE("mean, spread, skew and tails are normal") {
    random_stream stream{1, "normal"};
    std::vector<double> x(200'001);
    numeric::normal_draws<double>(stream, 2, x);
    double mean = 0, squares = 0, cubes = 0, outside = 0;
    for (double v : x) mean += v, squares += v * v, cubes += v * v * v, outside += std::abs(v) > 4;
    auto const n = static_cast<double>(x.size());
    CHECK(mean / n == doctest::Approx(0).scale(1).epsilon(0.02));
    CHECK(squares / n == doctest::Approx(4).epsilon(0.01));
    CHECK(cubes / n == doctest::Approx(0).scale(1).epsilon(0.2));
    CHECK(outside / n == doctest::Approx(0.0455).epsilon(0.05));
}

TEST_CASE("a stream gives the same numbers again") {
    std::vector<float> a(7), b(7);
    random_stream one{1, "x"}, two{1, "x"};
    numeric::normal_draws<float>(one, 1, a), numeric::normal_draws<float>(two, 1, b);
    CHECK(a == b);
}
