#include <doctest/doctest.h>
#include <kvt/analysis/surface.hpp>
#include <kvt/numeric/logistic.hpp>

#include <cmath>

using namespace kvt::analysis;

TEST_CASE("a surface that follows the model is recovered, and its halving line with it") {
    std::vector<surface_point> points;
    for (double const b : {1.0, 0.5, 0.25})
        for (std::int64_t n = 256; n <= 16384; n *= 2) {
            double const u = std::log2(1 / b), v = std::log2(static_cast<double>(n) / 1024);
            points.push_back({b, n, kvt::numeric::logistic(2 - u - 0.7 * v - 0.2 * u * v)});
        }
    auto const fit = fit_surface(points, 1e-9);
    REQUIRE(fit);
    CHECK(fit->converged);
    double const expected[] = {2, -1, -0.7, -0.2};
    for (std::size_t i = 0; i < 4; ++i) CHECK(fit->beta[i] == doctest::Approx(expected[i]).epsilon(1e-5));
    REQUIRE(fit->half_lengths.size() == 3);
    // On the line the fitted accuracy is half of the reference.
    for (auto const& half : fit->half_lengths) {
        double const u = std::log2(1 / half.budget), v = std::log2(*half.tokens / 1024);
        CHECK(kvt::numeric::logistic(fit->beta[0] + fit->beta[1] * u + (fit->beta[2] + fit->beta[3] * u) * v) ==
              doctest::Approx(fit->p_reference / 2));
    }
    CHECK(*fit->half_lengths[0].tokens > *fit->half_lengths[1].tokens);
    CHECK(*fit->half_lengths[1].tokens > *fit->half_lengths[2].tokens);
}

TEST_CASE("accuracy that does not fall with length never halves") {
    auto const fit =
        fit_surface(std::vector<surface_point>{{1, 512, 0.5}, {1, 4096, 0.5}, {0.2, 512, 0.5}, {0.2, 4096, 0.5}});
    for (auto const& half : fit->half_lengths) CHECK_FALSE(half.tokens);
}

TEST_CASE("no points, or points out of range") {
    CHECK_FALSE(fit_surface({}));
    CHECK_THROWS_AS((void)fit_surface(std::vector<surface_point>{{0, 512, 0.5}}), kvt::error);
    CHECK_THROWS_AS((void)fit_surface(std::vector<surface_point>{{1.5, 512, 0.5}}), kvt::error);
    CHECK_THROWS_AS((void)fit_surface(std::vector<surface_point>{{1, 0, 0.5}}), kvt::error);
}
