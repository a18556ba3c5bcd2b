#include <doctest/doctest.h>
#include <kvt/numeric/moments.hpp>

#include <vector>

using namespace kvt::numeric;

TEST_CASE("sums run from left to right") {
    CHECK(sum(std::vector{1e16, 1.0, -1e16}) == 0);  // another order would give 1
    CHECK(sum(std::vector{1e16, -1e16, 1.0}) == 1);
    CHECK(sum(std::vector<double>{}) == 0);
}

TEST_CASE("nothing has no mean, and one value no spread") {
    CHECK_FALSE(mean(std::vector<double>{}));
    CHECK_FALSE(population_std(std::vector<double>{}));
    CHECK(*mean(std::vector{3.0}) == 3);
    CHECK_FALSE(population_std(std::vector{3.0}));
    CHECK_FALSE(sample_std(std::vector{3.0}));
}

TEST_CASE("standard deviations in closed form") {
    std::vector<double> const v{2, 4, 4, 4, 5, 5, 7, 9};
    CHECK(*mean(v) == 5);
    CHECK(*population_std(v) == 2);
    CHECK(*sample_std(v) == doctest::Approx(std::sqrt(32.0 / 7)));
    // 0..n-1 has population variance (n² - 1)/12, wherever it starts.
    std::vector<double> steps;
    for (int i = 0; i < 100; ++i) steps.push_back(1e6 + i);
    CHECK(*population_std(steps) == doctest::Approx(std::sqrt(9999.0 / 12)).epsilon(1e-12));
}

TEST_CASE("constant values are known exactly, although their computed spread may not be 0") {
    std::vector<double> const tenths(10, 0.1);
    CHECK(constant(tenths));
    CHECK(*population_std(tenths) > 0);
    CHECK(constant(std::vector<double>{}));
    CHECK_FALSE(constant(std::vector{0.1, 0.1, 0.2}));
}
