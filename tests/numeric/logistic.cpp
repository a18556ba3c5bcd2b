#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/logistic.hpp>

using namespace kvt::numeric;

TEST_CASE("logit inverts the logistic function") {
    for (double p = 0.01; p < 1; p += 0.07) CHECK(logistic(logit(p)) == doctest::Approx(p));
    CHECK(logistic(0) == 0.5);
    CHECK(logistic(-800) == 0);
    CHECK(logistic(800) == 1);
}

TEST_CASE("a constant alone fits the mean") {
    std::vector<double> const ones(5, 1.0), y{1, 1, 1, 0, 0.5};
    auto const fit = ridge_logistic(ones, 1, y, 1e-3);
    CHECK(fit.converged);
    CHECK(logistic(fit.beta[0]) == doctest::Approx(0.7));
}

TEST_CASE("shares that follow the model exactly give back its coefficients") {
    std::vector<double> x, y;
    for (int i = -4; i <= 4; ++i)
        x.insert(x.end(), {1.0, static_cast<double>(i)}), y.push_back(logistic(0.5 - 0.8 * i));
    auto const fit = ridge_logistic(x, 2, y, 0);
    CHECK(fit.converged);
    CHECK(fit.beta[0] == doctest::Approx(0.5));
    CHECK(fit.beta[1] == doctest::Approx(-0.8));
}

TEST_CASE("at the optimum the penalised gradient vanishes") {
    kvt::random_stream stream{2, "logistic"};
    double const ridge = 0.01;
    std::vector<double> x, y;
    for (int i = 0; i < 60; ++i) {
        double const u = stream.unit() * 4 - 2, v = stream.unit() * 4 - 2;
        x.insert(x.end(), {1.0, u, v}), y.push_back(stream.unit() < logistic(u - 2 * v) ? 1 : 0);
    }
    auto const fit = ridge_logistic(x, 3, y, ridge);
    REQUIRE(fit.converged);
    for (std::size_t j = 0; j < 3; ++j) {
        double gradient = j == 0 ? 0 : -ridge * fit.beta[j];
        for (std::size_t i = 0; i < y.size(); ++i) {
            double const eta = fit.beta[0] + fit.beta[1] * x[3 * i + 1] + fit.beta[2] * x[3 * i + 2];
            gradient += (y[i] - logistic(eta)) * x[3 * i + j];
        }
        CHECK(std::abs(gradient) < 1e-8);
    }
}

TEST_CASE("separable data stay finite under the ridge, and the fit ends without it") {
    std::vector<double> const x{1, -2, 1, -1, 1, 1, 1, 2}, y{0, 0, 1, 1};
    auto const fit = ridge_logistic(x, 2, y, 1e-3);
    CHECK(fit.converged);
    CHECK(fit.beta[1] > 3);
    auto const free = ridge_logistic(x, 2, y, 0);
    CHECK(free.iterations <= 100);
    for (double const b : free.beta) CHECK(std::isfinite(b));
}

TEST_CASE("rows that do not match the values are refused") {
    CHECK_THROWS_AS((void)ridge_logistic(std::vector{1.0, 2.0, 3.0}, 2, std::vector{1.0}, 0), kvt::error);
    CHECK_THROWS_AS((void)ridge_logistic({}, 0, {}, 0), kvt::error);
}

TEST_CASE("weights are counts: a row of weight 3 is three rows, one of weight 0 none") {
    kvt::random_stream stream{4, "weights"};
    for (int round = 0; round < 200; ++round) {
        std::vector<double> x, y, weights, x_repeated, y_repeated;
        for (int i = 0; i < 12; ++i) {
            double const u = stream.unit() * 4 - 2, target = stream.unit() < logistic(u) ? 1 : 0;
            auto const count = static_cast<int>(stream.unit() * 4);
            x.insert(x.end(), {1.0, u}), y.push_back(target), weights.push_back(count);
            for (int k = 0; k < count; ++k) x_repeated.insert(x_repeated.end(), {1.0, u}), y_repeated.push_back(target);
        }
        auto const one = ridge_logistic(x, 2, y, 0.1, weights), other = ridge_logistic(x_repeated, 2, y_repeated, 0.1);
        CHECK(one.beta[0] == doctest::Approx(other.beta[0]).epsilon(1e-6));
        CHECK(one.beta[1] == doctest::Approx(other.beta[1]).epsilon(1e-6));
    }
    std::vector<double> const x(4, 1.0), y(4, 0.5), short_weights(3, 1.0);
    CHECK_THROWS_AS((void)ridge_logistic(x, 1, y, 0.1, short_weights), kvt::error);
}
