#include <doctest/doctest.h>
#include <kvt/numeric/changepoint.hpp>

#include <cmath>

using namespace kvt::numeric;
using kvt::random_stream;

TEST_CASE("a clean step is found where it is, with the statistic in closed form") {
    std::vector<double> y(20, 1.0);
    for (std::size_t i = 12; i < 20; ++i) y[i] = 0;
    auto const found = falling_changepoint(y, 3, 499, random_stream{1, "step"});
    REQUIRE(found);
    CHECK(found->k == 12);
    // means 1 and 0, spread √(0.6·0.4): T = √(12·8/20)/√0.24 = √20
    CHECK(found->statistic == doctest::Approx(std::sqrt(20.0)));
    CHECK(found->p_value == doctest::Approx(1.0 / 500));
}

TEST_CASE("a step up is not a fall") {
    std::vector<double> y(12, 0.0);
    for (std::size_t i = 3; i < 12; ++i) y[i] = 1;
    auto const found = falling_changepoint(y, 3, 99, random_stream{1, "up"});
    CHECK(found->statistic < 0);
    CHECK(found->p_value == 1);
}

TEST_CASE("too few or equal values have no changepoint") {
    random_stream const stream{1, "x"};
    CHECK_FALSE(falling_changepoint(std::vector<double>{}, 3, 9, stream));
    CHECK_FALSE(falling_changepoint(std::vector{1.0, 0.0, 1.0, 0.0, 1.0}, 3, 9, stream));
    CHECK_FALSE(falling_changepoint(std::vector<double>(10, 0.1), 3, 9, stream));
    CHECK(falling_changepoint(std::vector{1.0, 0.0}, 0, 9, stream)->k == 1);  // a margin below 1 is 1
}

TEST_CASE("splits keep their distance from the ends") {
    std::vector<double> y{1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    CHECK(falling_changepoint(y, 3, 9, random_stream{1, "x"})->k == 3);
    CHECK(falling_changepoint(y, 1, 9, random_stream{1, "x"})->k == 1);
}

TEST_CASE("without a change, p-values below 5 % are about 5 %") {
    int small = 0;
    random_stream values{8, "level"};
    for (int experiment = 0; experiment < 400; ++experiment) {
        std::vector<double> y(24);
        for (double& v : y) v = values.unit();
        small +=
            falling_changepoint(y, 3, 199, random_stream{8, "cusum|" + std::to_string(experiment)})->p_value <= 0.05;
    }
    CHECK(small > 6);
    CHECK(small < 40);
}
