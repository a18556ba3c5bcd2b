// Random least-squares problems, and the minimiser over x >= 0 found by trying every set of columns with Eigen.
#pragma once

#include <kvt/core/random.hpp>

#include <Eigen/Dense>

#include <cmath>
#include <span>
#include <vector>

namespace least_squares {

struct problem {
    Eigen::MatrixXd x;
    Eigen::VectorXd y;
    [[nodiscard]] std::span<double const> columns() const { return {x.data(), static_cast<std::size_t>(x.size())}; }
    [[nodiscard]] std::span<double const> values() const { return {y.data(), static_cast<std::size_t>(y.size())}; }
    [[nodiscard]] std::size_t unknowns() const { return static_cast<std::size_t>(x.cols()); }
};

inline problem random_problem(kvt::random_stream& some, std::size_t rows, std::size_t unknowns, double shift = -0.3) {
    problem out{Eigen::MatrixXd(rows, unknowns), Eigen::VectorXd(rows)};
    for (double& v : out.x.reshaped()) v = some.unit() + shift;
    for (double& v : out.y.reshaped()) v = some.unit() - 0.2;
    return out;
}

/// The best of all supports, each fitted alone.
inline Eigen::VectorXd best_support(problem const& p) {
    Eigen::VectorXd best = Eigen::VectorXd::Zero(p.x.cols());
    double least = p.y.squaredNorm();
    for (unsigned support = 1; support < (1U << p.unknowns()); ++support) {
        std::vector<Eigen::Index> columns;
        for (Eigen::Index c = 0; c < p.x.cols(); ++c)
            if ((support >> c & 1U) != 0) columns.push_back(c);
        Eigen::MatrixXd const part = p.x(Eigen::all, columns);
        Eigen::VectorXd const b = part.colPivHouseholderQr().solve(p.y);
        double const rest = (part * b - p.y).squaredNorm();
        if (b.minCoeff() < 0 || rest >= least) continue;
        least = rest;
        best.setZero();
        best(columns) = b;
    }
    return best;
}

/// The largest violation of the optimality conditions, over column lengths and |y|.
inline double violation(problem const& p, std::span<double const> x) {
    Eigen::VectorXd const b = Eigen::Map<Eigen::VectorXd const>{x.data(), p.x.cols()};
    Eigen::VectorXd const gradient = p.x.transpose() * (p.y - p.x * b);
    double worst = 0;
    for (Eigen::Index c = 0; c < b.size(); ++c) {
        double const scale = p.x.col(c).norm() * p.y.norm();
        if (scale > 0) worst = std::max(worst, (b[c] > 0 ? std::abs(gradient[c]) : gradient[c]) / scale);
        if (!(b[c] >= 0)) worst = 1e300;
    }
    return worst;
}

}  // namespace least_squares
