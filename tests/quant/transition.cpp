#include <doctest/doctest.h>
#include <kvt/quant/transition.hpp>

namespace quant = kvt::quant;

TEST_CASE("noise takes the mean away and adds its own variance") {
    std::vector<double> const values{0, 1, 1, 2};
    auto const g = quant::gaussian_of(std::span<double const>{values});
    CHECK(g.mean == 1);
    CHECK(g.deviation == doctest::Approx(std::sqrt(0.5)));
    auto const t = quant::transition(g, 0.19);
    CHECK(t.mean == doctest::Approx(0.9));
    CHECK(t.deviation == doctest::Approx(std::sqrt(0.5 * 0.81 + 0.19)));
    CHECK(quant::transition(g, 1).mean == 0);
    CHECK(quant::transition(g, 1).deviation == 1);
    CHECK(quant::transitions(g, std::vector{0.0, 0.19}).at(1).mean == t.mean);
}

TEST_CASE("few values") {
    CHECK(quant::gaussian_of(std::span<float const>{}).deviation == 0);
    std::vector<float> const one{3};
    CHECK(quant::gaussian_of(std::span<float const>{one}).mean == 3);
    CHECK(quant::gaussian_of(std::span<float const>{one}).deviation == 0);
}
