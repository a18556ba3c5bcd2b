// Definitions of numeric/logistic.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/logistic.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

using logistic_rows = Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> const>;

/// The penalised log likelihood; ln(1 + e^η) without overflow.
KVT_DECL double logistic_objective(logistic_rows const& x, std::span<double const> y, double ridge,
                                   Eigen::VectorXd const& beta) {
    double total = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        double const eta = x.row(static_cast<Eigen::Index>(i)).dot(beta);
        total += y[i] * eta - (std::max(eta, 0.0) + std::log1p(std::exp(-std::abs(eta))));
    }
    return total - 0.5 * ridge * beta.tail(beta.size() - 1).squaredNorm();
}

/// Newton's step: the solution of (information) step = gradient.
KVT_DECL Eigen::VectorXd logistic_step(logistic_rows const& x, std::span<double const> y, double ridge,
                                       Eigen::VectorXd const& beta) {
    Eigen::VectorXd gradient = -ridge * beta;
    Eigen::MatrixXd information = ridge * Eigen::MatrixXd::Identity(beta.size(), beta.size());
    gradient(0) = 0, information(0, 0) = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        Eigen::VectorXd const row = x.row(static_cast<Eigen::Index>(i)).transpose();
        double const p = logistic(row.dot(beta));
        gradient += (y[i] - p) * row;
        information += p * (1 - p) * row * row.transpose();
    }
    return information.ldlt().solve(gradient);
}

}  // namespace detail

KVT_DECL logistic_fit ridge_logistic(std::span<double const> x, std::size_t columns, std::span<double const> y,
                                     double ridge) {
    if (columns == 0 || x.size() != columns * y.size())
        throw error{error_kind::usage, "logistic fit", "the rows do not match the values"};
    detail::logistic_rows const rows{x.data(), static_cast<Eigen::Index>(y.size()), static_cast<Eigen::Index>(columns)};
    Eigen::VectorXd beta = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(columns));
    logistic_fit fit;
    double objective = detail::logistic_objective(rows, y, ridge, beta);
    while (!fit.converged && fit.iterations < 100) {
        ++fit.iterations;
        Eigen::VectorXd step = detail::logistic_step(rows, y, ridge, beta);
        if (!step.allFinite()) break;
        double reached = detail::logistic_objective(rows, y, ridge, beta + step);
        for (int halvings = 0; reached < objective && halvings < 60; ++halvings) {
            step /= 2;
            reached = detail::logistic_objective(rows, y, ridge, beta + step);
        }
        fit.converged = step.lpNorm<Eigen::Infinity>() < 1e-10;
        if (reached >= objective) beta += step, objective = reached;
    }
    fit.beta.assign(beta.data(), beta.data() + beta.size());
    return fit;
}

}  // namespace kvt::inline KVT_ABI::numeric
