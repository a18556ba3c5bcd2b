// Definitions of numeric/nnls.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/nnls.hpp>
#include <kvt/numeric/nnls_gram.hpp>
#include <kvt/numeric/nnls_small.hpp>

#include <kvt/numeric/detail/nnls_path.ipp>

#include <algorithm>
#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

/// X and y of one problem.
struct nnls_problem {
    std::span<double const> columns;
    std::size_t unknowns;
    std::span<double const> y;

    [[nodiscard]] std::span<double const> column(std::size_t c) const {
        return columns.subspan(c * y.size(), y.size());
    }
};

/// |Xx - y| from the rows, and the largest violation of the optimality conditions.
inline void measure(nnls_problem const& p, nnls_fit& fit) {
    std::vector<double> rest(p.y.begin(), p.y.end());
    for (std::size_t c = 0; c < p.unknowns; ++c)
        for (std::size_t i = 0; fit.x[c] > 0 && i < rest.size(); ++i) rest[i] -= fit.x[c] * p.column(c)[i];
    auto const dot = [](std::span<double const> a, std::span<double const> b) {
        double total = 0;
        for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
        return total;
    };
    fit.residual = std::sqrt(dot(rest, rest));
    fit.kkt = 0;
    for (std::size_t c = 0; c < p.unknowns; ++c) {
        double const scale = std::sqrt(dot(p.column(c), p.column(c)) * dot(p.y, p.y));
        double const gradient = dot(p.column(c), rest);
        if (scale > 0) fit.kkt = std::max(fit.kkt, (fit.x[c] > 0 ? std::abs(gradient) : gradient) / scale);
    }
}

template <std::size_t K> nnls_fit solve_triangle(nnls_problem const& p) {
    row_triangle<K> rows;
    typename row_triangle<K>::row row;
    for (std::size_t i = 0; i < p.y.size(); ++i) {
        for (std::size_t c = 0; c < K; ++c) row[c] = p.column(c)[i];
        row[K] = p.y[i];
        rows.add(row);
    }
    auto const solved = solve_small_nnls(rows);
    nnls_fit out{.x = {solved.x.begin(), solved.x.end()}};
    out.rank = static_cast<std::int64_t>(rank_of(rows).rank);
    for (double const x : out.x) out.iterations += x > 0;
    return out;
}

/// From an orthogonal factorisation: twice the digits of the normal equations.
KVT_LAZY inline nnls_fit solve_by_triangle(nnls_problem const& p) {
    auto out = p.unknowns == 0   ? nnls_fit{}
               : p.unknowns == 1 ? solve_triangle<1>(p)
               : p.unknowns == 2 ? solve_triangle<2>(p)
               : p.unknowns == 3 ? solve_triangle<3>(p)
               : p.unknowns == 4 ? solve_triangle<4>(p)
                                 : solve_path(p.columns, p.unknowns, p.y);
    out.method = nnls_method::triangle;
    if (out.rank < static_cast<std::int64_t>(p.unknowns) && out.verdict == nnls_verdict::unique)
        out.verdict = nnls_verdict::dependent;
    measure(p, out);
    return out;
}

/// The exponent that brings the largest magnitude to [1/2, 1); 0 for zeros. Refuses what is not finite.
inline int exponent_of(std::span<double const> values) {
    double largest = 0;
    for (double const v : values) {
        if (!std::isfinite(v)) throw error{error_kind::usage, "nnls", "a number is not finite"};
        largest = std::max(largest, std::abs(v));
    }
    int exponent = 0;
    (void)std::frexp(largest, &exponent);
    return exponent;
}

/// Magnitudes whose squares leave the range of a double: columns and y are brought near 1 by exact powers of two.
KVT_LAZY inline nnls_fit solve_rescaled(nnls_problem const& p) {
    std::vector<double> columns(p.columns.begin(), p.columns.end()), y(p.y.begin(), p.y.end());
    int const y_exponent = exponent_of(y);
    for (double& v : y) v = std::ldexp(v, -y_exponent);
    std::vector<int> exponents;
    for (std::size_t c = 0; c < p.unknowns; ++c) {
        exponents.push_back(exponent_of(p.column(c)));
        for (std::size_t i = 0; i < y.size(); ++i)
            columns[c * y.size() + i] = std::ldexp(columns[c * y.size() + i], -exponents.back());
    }
    auto fit = solve_by_triangle({columns, p.unknowns, y});
    for (std::size_t c = 0; c < p.unknowns; ++c) fit.x[c] = std::ldexp(fit.x[c], y_exponent - exponents[c]);
    fit.residual = std::ldexp(fit.residual, y_exponent);
    return fit;
}

}  // namespace detail

KVT_LAZY_DECL nnls_fit nnls(std::span<double const> columns, std::size_t unknowns, std::span<double const> y,
                            instruction_set set) {
    auto const system = gram_of(columns, unknowns, y, set);
    detail::nnls_problem const problem{columns, unknowns, y};
    auto const fits_square = [](double v) { return v > 1e-200 && v < 1e200; };
    bool ordinary = fits_square(system.y_squared);
    for (std::size_t c = 0; c < unknowns; ++c) ordinary = ordinary && fits_square(system.product(c, c));
    if (!ordinary) return detail::solve_rescaled(problem);  // also zeros and what is not finite
    auto fit = solve_gram(system);
    if (!fit) return detail::solve_by_triangle(problem);
    if (fit->residual * fit->residual < 1e-5 * system.y_squared) detail::measure(problem, *fit);
    return *fit;
}

}  // namespace kvt::inline KVT_ABI::numeric
