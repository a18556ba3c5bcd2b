#include <kvt/numeric/lbfgs.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("the least of a curved valley is found") {
    auto const rosenbrock = [](std::span<double const> x, std::span<double> g) {
        double const a = 1 - x[0], b = x[1] - x[0] * x[0];
        g[0] = -2 * a - 400 * x[0] * b, g[1] = 200 * b;
        return a * a + 100 * b * b;
    };
    for (std::size_t const history : {1, 3, 10}) {
        CAPTURE(history);
        auto const found = numeric::lbfgs(rosenbrock, std::vector{-1.2, 1.0}, {.history = history});
        CHECK(found.end == numeric::lbfgs_end::converged);
        CHECK(found.x[0] == doctest::Approx(1).epsilon(1e-8));
        CHECK(found.x[1] == doctest::Approx(1).epsilon(1e-8));
        CHECK(found.gradient <= 1e-9);
    }
}

TEST_CASE("a badly scaled quadratic ends where its gradient does") {
    std::vector<double> const scale{1e-3, 1, 1e3, 1e4, 10, 0.1}, middle{1, -2, 3, 0, 5, -6};
    auto const f = [&](std::span<double const> x, std::span<double> g) {
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            g[i] = scale[i] * (x[i] - middle[i]);
            sum += g[i] * (x[i] - middle[i]) / 2;
        }
        return sum;
    };
    auto const found = numeric::lbfgs(f, std::vector<double>(6, 0.0));
    CHECK(found.end == numeric::lbfgs_end::converged);
    for (std::size_t i = 0; i < 6; ++i) CHECK(found.x[i] == doctest::Approx(middle[i]).epsilon(1e-5));
}

TEST_CASE("values that are not finite are steps that went too far") {
    auto const f = [](std::span<double const> x, std::span<double> g) {
        g[0] = 1 - 1 / x[0];
        return x[0] - std::log(x[0]);  // NaN below 0
    };
    auto const found = numeric::lbfgs(f, std::vector{30.0});
    CHECK(found.x[0] == doctest::Approx(1).epsilon(1e-8));
}

TEST_CASE("it ends as often as it may, and where nothing helps") {
    auto const slope = [](std::span<double const> x, std::span<double> g) { return g[0] = 1, x[0]; };
    auto const endless = numeric::lbfgs(slope, std::vector{0.0}, {.max_iterations = 5});
    CHECK(endless.end == numeric::lbfgs_end::exhausted);
    CHECK(endless.iterations == 5);
    auto const lying = [](std::span<double const> x, std::span<double> g) { return g[0] = -1, x[0] * x[0]; };
    CHECK(numeric::lbfgs(lying, std::vector{0.0}).end == numeric::lbfgs_end::stalled);
    auto const there = [](std::span<double const>, std::span<double> g) { return g[0] = 0, 3.0; };
    CHECK(numeric::lbfgs(there, std::vector{2.0}).evaluations == 1);
}
