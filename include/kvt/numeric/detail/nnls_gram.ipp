// Definitions of numeric/nnls_gram.hpp.
#pragma once

#include <kvt/numeric/nnls_gram.hpp>
#include <kvt/numeric/nnls_supports.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

inline double residual_of(gram_system const& system, std::span<double const> x) {
    double square = system.y_squared;
    for (std::size_t j = 0; j < x.size(); ++j) square -= x[j] * system.with_y[j];
    return std::sqrt(std::max(square, 0.0));
}

template <std::size_t K> std::optional<nnls_fit> solve_small_gram(gram_system const& system) {
    small_gram<K> small;
    for (std::size_t a = 0; a < K; ++a) {
        for (std::size_t b = 0; b < K; ++b) small.products[a][b] = system.product(a, b);
        small.with_y[a] = system.with_y[a];
    }
    small.y_squared = system.y_squared;
    auto const fit = solve_supports(small);
    if (!fit) return std::nullopt;
    double worst = 0;
    for (std::size_t j = 0; j < K; ++j) {
        double const length = std::sqrt(small.products[j][j]);
        worst = std::max(worst, (fit->x[j] > 0 ? std::abs(fit->gradient[j]) : fit->gradient[j]) / length);
    }
    return nnls_fit{.x = {fit->x.begin(), fit->x.end()},
                    .residual = residual_of(system, fit->x),
                    .kkt = system.y_squared > 0 ? worst / std::sqrt(system.y_squared) : 0,
                    .rank = static_cast<std::int64_t>(K),
                    .iterations = fit->tried};
}

/// Normal equations with columns scaled to length 1, solved by exchanging blocks of coefficients.
struct block_pivoting {
    Eigen::MatrixXd products;
    Eigen::VectorXd with_y, length, x, gradient;
    std::vector<Eigen::Index> inside{};  ///< the coefficients that may differ from 0
    double slack = 0;                    ///< gradients up to here are rounding
    std::int64_t iterations = 0;

    /// False where a column is zero or cannot be squared, or the columns are nearly dependent.
    KVT_LAZY [[nodiscard]] bool prepare(gram_system const& system) {
        auto const n = static_cast<Eigen::Index>(system.unknowns);
        products = Eigen::Map<Eigen::MatrixXd const>{system.products.data(), n, n};
        with_y = Eigen::Map<Eigen::VectorXd const>{system.with_y.data(), n};
        length = products.diagonal().cwiseSqrt();
        if (!(length.minCoeff() > 1e-100 && length.maxCoeff() < 1e100) || !(system.y_squared < 1e200)) return false;
        products = length.cwiseInverse().asDiagonal() * products * length.cwiseInverse().asDiagonal();
        with_y = with_y.cwiseQuotient(length);
        slack = 1e-12 * std::sqrt(system.y_squared);
        Eigen::LLT<Eigen::MatrixXd> const whole{products};
        return whole.info() == Eigen::Success && whole.rcond() >= 1e-5;
    }

    /// The unrestricted fit of the coefficients inside.
    KVT_LAZY void fit() {
        ++iterations;
        Eigen::MatrixXd const part = products(inside, inside);
        Eigen::VectorXd const values = with_y(inside);
        Eigen::VectorXd const solved = part.llt().solve(values);
        x.setZero(with_y.size());
        gradient = with_y;
        for (std::size_t k = 0; k < inside.size(); ++k) {
            x[inside[k]] = solved[static_cast<Eigen::Index>(k)];
            gradient.noalias() -= solved[static_cast<Eigen::Index>(k)] * products.col(inside[k]);
        }
    }

    /// Exchanges every coefficient on the wrong side while that leaves fewer of them, for three rounds at most without
    /// progress; then only the last one, until there is progress again: this ends (Júdice and Pires 1994). False where
    /// rounding keeps it from ending.
    KVT_LAZY [[nodiscard]] bool solve() {
        auto const n = with_y.size();
        std::vector<char> in(static_cast<std::size_t>(n), 0);
        Eigen::Index fewest = n + 1;
        int patience = 3;
        for (Eigen::Index round = 0; round < 5 * n + 100; ++round) {
            inside.clear();
            for (Eigen::Index j = 0; j < n; ++j)
                if (in[static_cast<std::size_t>(j)]) inside.push_back(j);
            fit();
            std::vector<std::size_t> wrong;
            for (Eigen::Index j = 0; j < n; ++j)
                if (in[static_cast<std::size_t>(j)] ? !(x[j] > 0) : gradient[j] > slack)
                    wrong.push_back(static_cast<std::size_t>(j));
            if (wrong.empty()) return true;
            auto const count = static_cast<Eigen::Index>(wrong.size());
            if (count < fewest) fewest = count, patience = 3;
            else if (patience > 0) --patience;
            else wrong.erase(wrong.begin(), wrong.end() - 1);
            for (std::size_t const j : wrong) in[j] = !in[j];
        }
        return false;
    }
};

}  // namespace detail

KVT_LAZY_DECL std::optional<nnls_fit> solve_gram(gram_system const& system) {
    switch (system.unknowns) {
        case 0: return nnls_fit{.residual = std::sqrt(system.y_squared)};
        case 1: return detail::solve_small_gram<1>(system);
        case 2: return detail::solve_small_gram<2>(system);
        case 3: return detail::solve_small_gram<3>(system);
        case 4: return detail::solve_small_gram<4>(system);
        default: break;
    }
    detail::block_pivoting search;
    if (!search.prepare(system) || !search.solve()) return std::nullopt;
    nnls_fit out{.rank = static_cast<std::int64_t>(system.unknowns), .iterations = search.iterations};
    double worst = 0;
    for (Eigen::Index j = 0; j < search.x.size(); ++j) {
        out.x.push_back(search.x[j] / search.length[j]);
        worst = std::max(worst, search.x[j] > 0 ? std::abs(search.gradient[j]) : search.gradient[j]);
    }
    double const y_length = std::sqrt(system.y_squared);
    out.kkt = y_length > 0 ? worst / y_length : 0;
    out.residual = detail::residual_of(system, out.x);
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric
