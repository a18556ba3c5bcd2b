#include "least_squares.hpp"

#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/numeric/regression.hpp>

#include <limits>

using namespace kvt::numeric;

TEST_CASE("a known line") {
    // Sxx = 10 and Sxy = 6, so the slope is 0.6; the squared residuals add up to 2.4 with 3 degrees of freedom.
    std::vector<double> const x{1, 2, 3, 4, 5}, y{2, 4, 5, 4, 5};
    auto const fit = line_through(x, y);
    CHECK(fit.beta[0] == doctest::Approx(2.2));
    CHECK(fit.beta[1] == doctest::Approx(0.6));
    CHECK(fit.residual == doctest::Approx(std::sqrt(2.4)));
    CHECK(fit.standard_error[1] == doctest::Approx(std::sqrt(2.4 / 3 / 10)));
    CHECK(fit.standard_error[0] == doctest::Approx(std::sqrt(2.4 / 3 * (1.0 / 5 + 9.0 / 10))));
    CHECK(*fit.r2 == doctest::Approx(0.6));
    CHECK(fit.degrees_of_freedom == 3);
    CHECK(fit.unique());
}

TEST_CASE("coefficients and errors are those of the normal equations") {
    kvt::random_stream some{26, "regression"};
    for (int round = 0; round < 200; ++round) {
        auto const unknowns = 1 + some.below(6);
        auto const p = least_squares::random_problem(some, unknowns + 1 + some.below(50), unknowns);
        std::vector<double> weights(static_cast<std::size_t>(p.y.size()));
        for (double& w : weights) w = 0.1 + some.unit();
        bool const weighted = round % 2 == 0;
        auto const fit = weighted ? linear_regression(p.columns(), unknowns, p.values(), weights)
                                  : linear_regression(p.columns(), unknowns, p.values());
        Eigen::VectorXd w = Eigen::Map<Eigen::VectorXd>{weights.data(), p.y.size()};
        if (!weighted) w.setOnes();
        Eigen::MatrixXd const inverse = (p.x.transpose() * w.asDiagonal() * p.x).inverse();
        Eigen::VectorXd const beta = inverse * (p.x.transpose() * w.asDiagonal() * p.y), rest = p.y - p.x * beta;
        double const square = rest.dot(w.asDiagonal() * rest);
        double const variance = square / static_cast<double>(p.y.size() - p.x.cols());
        REQUIRE(fit.residual == doctest::Approx(std::sqrt(square)).epsilon(1e-8));
        for (std::size_t c = 0; c < unknowns; ++c) {
            auto const i = static_cast<Eigen::Index>(c);
            REQUIRE(fit.beta[c] == doctest::Approx(beta[i]).epsilon(1e-6));
            REQUIRE(fit.standard_error[c] == doctest::Approx(std::sqrt(variance * inverse(i, i))).epsilon(1e-6));
        }
    }
}

TEST_CASE("a weight of two is a row twice over, and a weight of zero is no row") {
    std::vector<double> const x{1, 2, 3, 4}, y{1, 3, 2, 5};
    auto const twice = line_through(std::vector<double>{1, 2, 2, 3}, std::vector<double>{1, 3, 3, 2});
    auto const weighted = line_through(x, y, std::vector<double>{1, 2, 1, 0});
    CHECK(weighted.beta[0] == doctest::Approx(twice.beta[0]));
    CHECK(weighted.beta[1] == doctest::Approx(twice.beta[1]));
    CHECK(weighted.residual == doctest::Approx(twice.residual));
    CHECK(*weighted.r2 == doctest::Approx(*twice.r2));
    CHECK(weighted.degrees_of_freedom == 1);
}

TEST_CASE("standard errors hold what they promise") {
    // 1000 lines through noise of known size: the slope is within 1.96 errors of the truth in about 95 %.
    kvt::random_stream some{27, "errors"};
    int covered = 0;
    for (int round = 0; round < 1000; ++round) {
        std::vector<double> x(60), y(60);
        for (std::size_t i = 0; i < x.size(); ++i) {
            double noise = -6;
            for (int k = 0; k < 12; ++k) noise += some.unit();
            x[i] = some.unit(), y[i] = 1 + 2 * x[i] + noise;
        }
        auto const fit = line_through(x, y);
        covered += std::abs(fit.beta[1] - 2) < 2.0017 * fit.standard_error[1];  // Student's t, 58 degrees of freedom
    }
    CHECK(covered > 925);
    CHECK(covered < 972);
}

TEST_CASE("dependent columns, too few rows, and nothing at all") {
    std::vector<double> const x{1, 1, 1, 2, 2, 2, 0, 1, 5};
    auto const fit = linear_regression(x, 3, std::vector<double>{1, 2, 6});
    CHECK(fit.rank == 2);
    CHECK_FALSE(fit.unique());
    CHECK(fit.beta[0] + 2 * fit.beta[1] == doctest::Approx(1));
    CHECK(fit.beta[2] == doctest::Approx(1));
    CHECK(fit.beta[0] * fit.beta[1] == 0);
    CHECK(std::isinf(std::max(fit.standard_error[0], fit.standard_error[1])));
    auto const exact = line_through(std::vector<double>{1, 2}, std::vector<double>{3, 5});
    CHECK(exact.beta[1] == doctest::Approx(2));
    CHECK(exact.standard_error.empty());
    CHECK(linear_regression({}, 0, {}).beta.empty());
    CHECK(linear_regression({}, 2, {}).rank == 0);
    CHECK_FALSE(line_through(std::vector<double>{1, 2}, std::vector<double>{3, 3}).r2);
}

TEST_CASE("what cannot be fitted is refused") {
    std::vector<double> const x{1, 2}, y{1, 2}, bad{1, std::numeric_limits<double>::quiet_NaN()}, negative{1, -1};
    CHECK_THROWS_AS((void)line_through(x, std::vector<double>{1}), kvt::error);
    CHECK_THROWS_AS((void)line_through(bad, y), kvt::error);
    CHECK_THROWS_AS((void)line_through(x, bad), kvt::error);
    CHECK_THROWS_AS((void)line_through(x, y, negative), kvt::error);
    CHECK_THROWS_AS((void)line_through(x, y, std::vector<double>{1}), kvt::error);
}
