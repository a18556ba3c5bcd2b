// Definitions of numeric/logistic.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/logistic.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

/// The rows of a logistic fit. Plain loops: the columns are few, and a matrix library's templates would cost every
/// program that includes this more time to compile than all its fits take.
struct logistic_problem {
    std::span<double const> x, y, weights;
    std::size_t columns;
    double ridge;

    [[nodiscard]] double weight(std::size_t row) const { return weights.empty() ? 1 : weights[row]; }

    [[nodiscard]] double linear(std::size_t row, std::vector<double> const& beta) const {
        double eta = 0;
        for (std::size_t c = 0; c < columns; ++c) eta += x[row * columns + c] * beta[c];
        return eta;
    }
    /// The penalised log likelihood; ln(1 + e^η) without overflow.
    [[nodiscard]] double objective(std::vector<double> const& beta) const {
        double total = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            if (weight(i) == 0) continue;
            double const eta = linear(i, beta);
            total += weight(i) * (y[i] * eta - (std::max(eta, 0.0) + std::log1p(std::exp(-std::abs(eta)))));
        }
        for (std::size_t c = 1; c < columns; ++c) total -= 0.5 * ridge * beta[c] * beta[c];
        return total;
    }
    /// Newton's step: the solution of (information) step = gradient.
    [[nodiscard]] std::vector<double> step(std::vector<double> const& beta) const {
        std::vector<double> gradient(columns, 0.0), information(columns * columns, 0.0);
        for (std::size_t c = 1; c < columns; ++c) gradient[c] = -ridge * beta[c], information[c * columns + c] = ridge;
        for (std::size_t i = 0; i < y.size(); ++i) {
            if (weight(i) == 0) continue;
            double const* row = &x[i * columns];
            double const p = logistic(linear(i, beta)), spread = weight(i) * p * (1 - p);
            for (std::size_t r = 0; r < columns; ++r) {
                gradient[r] += weight(i) * (y[i] - p) * row[r];
                for (std::size_t c = 0; c <= r; ++c) information[r * columns + c] += spread * row[r] * row[c];
            }
        }
        return solve(std::move(information), std::move(gradient));
    }
    /// LDLᵀ of the lower triangle, then both substitutions; a singular matrix gives numbers that are not finite.
    [[nodiscard]] static std::vector<double> solve(std::vector<double> a, std::vector<double> b) {
        std::size_t const n = b.size();
        for (std::size_t j = 0; j < n; ++j) {
            for (std::size_t k = 0; k < j; ++k) a[j * n + j] -= a[j * n + k] * a[j * n + k] * a[k * n + k];
            for (std::size_t i = j + 1; i < n; ++i) {
                for (std::size_t k = 0; k < j; ++k) a[i * n + j] -= a[i * n + k] * a[j * n + k] * a[k * n + k];
                a[i * n + j] /= a[j * n + j];
            }
        }
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
        for (std::size_t i = n; i-- > 0;) {
            b[i] /= a[i * n + i];
            for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
        }
        return b;
    }
};

}  // namespace detail

KVT_DECL logistic_fit ridge_logistic(std::span<double const> x, std::size_t columns, std::span<double const> y,
                                     double ridge, std::span<double const> weights) {
    if (columns == 0 || x.size() != columns * y.size() || (!weights.empty() && weights.size() != y.size()))
        throw error{error_kind::usage, "logistic fit", "the rows do not match the values"};
    detail::logistic_problem const problem{x, y, weights, columns, ridge};
    logistic_fit fit{.beta = std::vector<double>(columns, 0.0)};
    auto const moved = [&](std::vector<double> const& step) {
        auto out = fit.beta;
        for (std::size_t c = 0; c < columns; ++c) out[c] += step[c];
        return out;
    };
    double objective = problem.objective(fit.beta);
    while (!fit.converged && fit.iterations < 100) {
        ++fit.iterations;
        auto step = problem.step(fit.beta);
        if (!std::all_of(step.begin(), step.end(), [](double s) { return std::isfinite(s); })) break;
        double reached = problem.objective(moved(step));
        for (int halvings = 0; reached < objective && halvings < 60; ++halvings) {
            for (double& s : step) s /= 2;
            reached = problem.objective(moved(step));
        }
        fit.converged = std::all_of(step.begin(), step.end(), [](double s) { return std::abs(s) < 1e-10; });
        if (reached >= objective) fit.beta = moved(step), objective = reached;
    }
    return fit;
}

}  // namespace kvt::inline KVT_ABI::numeric
