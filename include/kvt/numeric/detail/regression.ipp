// Definitions of numeric/regression.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/regression.hpp>

#include <Eigen/Core>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

inline void check_regression(std::span<double const> columns, std::size_t unknowns, std::span<double const> y,
                             std::span<double const> weights) {
    auto const refuse = [](char const* what) { throw error{error_kind::usage, "linear regression", what}; };
    if (columns.size() != unknowns * y.size()) refuse("the columns do not match the values");
    if (!weights.empty() && weights.size() != y.size()) refuse("the weights do not match the values");
    auto const finite = [](double v) { return std::isfinite(v); };
    if (!std::ranges::all_of(columns, finite) || !std::ranges::all_of(y, finite) ||
        !std::ranges::all_of(weights, finite))
        refuse("a number is not finite");
    if (std::ranges::any_of(weights, [](double w) { return w < 0; })) refuse("a weight is negative");
}

/// Σ w(y - ȳ)² over rows already multiplied by √w.
KVT_LAZY inline double centred_square(Eigen::VectorXd const& y, Eigen::VectorXd const& root) {
    double const total = root.squaredNorm();
    return total > 0 ? (y - root * (root.dot(y) / total)).squaredNorm() : 0;
}

}  // namespace detail

KVT_LAZY_DECL linear_fit linear_regression(std::span<double const> columns, std::size_t unknowns,
                                           std::span<double const> y, std::span<double const> weights) {
    detail::check_regression(columns, unknowns, y, weights);
    auto const rows = static_cast<Eigen::Index>(y.size()), n = static_cast<Eigen::Index>(unknowns);
    Eigen::VectorXd root = Eigen::VectorXd::Ones(rows);
    for (std::size_t i = 0; i < weights.size(); ++i) root[static_cast<Eigen::Index>(i)] = std::sqrt(weights[i]);
    Eigen::MatrixXd x = root.asDiagonal() * Eigen::Map<Eigen::MatrixXd const>{columns.data(), rows, n};
    Eigen::VectorXd const values = root.cwiseProduct(Eigen::Map<Eigen::VectorXd const>{y.data(), rows});
    Eigen::VectorXd length = Eigen::VectorXd::Ones(n);
    for (Eigen::Index c = 0; c < n; ++c)
        if (double const l = x.col(c).stableNorm(); l > 0) length[c] = l, x.col(c) /= l;

    linear_fit out{.beta = std::vector<double>(unknowns)};
    auto const used = static_cast<std::int64_t>((root.array() > 0).count());
    Eigen::VectorXd beta = Eigen::VectorXd::Zero(n),
                    errors = Eigen::VectorXd::Constant(n, std::numeric_limits<double>::infinity());
    if (n > 0 && rows > 0) {
        Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factor;
        factor.setThreshold(1e-10);
        factor.compute(x);
        auto const rank = factor.rank();
        out.rank = rank;
        Eigen::VectorXd const rotated = (factor.householderQ().transpose() * values).head(rank);
        auto const triangle = factor.matrixQR().topLeftCorner(rank, rank).triangularView<Eigen::Upper>();
        Eigen::VectorXd const solved = triangle.solve(rotated);
        Eigen::MatrixXd const inverse = triangle.solve(Eigen::MatrixXd::Identity(rank, rank));
        for (Eigen::Index k = 0; k < rank; ++k) {
            auto const column = factor.colsPermutation().indices()[k];
            beta[column] = solved[k];
            errors[column] = inverse.row(k).norm();
        }
    }
    double const square = (values - x * beta).squaredNorm(), spread = detail::centred_square(values, root);
    out.residual = std::sqrt(square);
    out.degrees_of_freedom = used - out.rank;
    if (spread > 0) out.r2 = 1 - square / spread;
    for (Eigen::Index c = 0; c < n; ++c) out.beta[static_cast<std::size_t>(c)] = beta[c] / length[c];
    if (out.degrees_of_freedom > 0) {
        double const scale = std::sqrt(square / static_cast<double>(out.degrees_of_freedom));
        for (Eigen::Index c = 0; c < n; ++c)
            out.standard_error.push_back(std::isinf(errors[c]) ? errors[c] : scale * errors[c] / length[c]);
    }
    return out;
}

KVT_LAZY_DECL linear_fit line_through(std::span<double const> x, std::span<double const> y,
                                      std::span<double const> weights) {
    std::vector<double> columns(x.size(), 1.0);
    columns.insert(columns.end(), x.begin(), x.end());
    return linear_regression(columns, 2, y, weights);
}

}  // namespace kvt::inline KVT_ABI::numeric
