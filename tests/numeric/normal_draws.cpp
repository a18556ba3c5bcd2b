#include <doctest/doctest.h>
#include <kvt/numeric/normal.hpp>
#include <kvt/numeric/normal_draws.hpp>

#include <algorithm>
#include <vector>

TEST_CASE("draws follow the normal distribution") {
    kvt::random_stream stream{5, "normal"};
    std::vector<double> draws(20001);
    kvt::numeric::normal_draws(stream, 3, std::span{draws});
    std::ranges::sort(draws);
    double furthest = 0;  // Kolmogorov's distance
    for (std::size_t i = 0; i < draws.size(); ++i)
        furthest = std::max(furthest, std::abs(kvt::numeric::normal_cdf(draws[i] / 3) -
                                               static_cast<double>(i) / static_cast<double>(draws.size())));
    CHECK(furthest < 1.63 / std::sqrt(20001.0));
    kvt::random_stream again{5, "normal"};
    std::vector<float> few(3);
    kvt::numeric::normal_draws(again, 3, std::span{few});
    CHECK(std::ranges::any_of(draws, [&](double d) { return static_cast<float>(d) == few[2]; }));
}
