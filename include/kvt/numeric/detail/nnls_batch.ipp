// Definitions of numeric/nnls_batch.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/nnls.hpp>
#include <kvt/numeric/nnls_batch.hpp>
#include <kvt/numeric/nnls_supports.hpp>

#include <kvt/numeric/detail/gram.ipp>

#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

/// The normal equations of one problem.
template <std::size_t K>
small_gram<K> small_gram_of(double const* columns, std::span<double const> y, instruction_set set) {
    constexpr std::size_t padded = (K + gram_tile) / gram_tile * gram_tile;
    std::array<double, padded * padded> sums{};
    std::array<double const*, padded> at;
    product_sums({columns, K * y.size()}, K, y, set, at, sums);
    small_gram<K> out;
    for (std::size_t a = 0; a < K; ++a) {
        for (std::size_t b = a; b < K; ++b) out.products[a][b] = out.products[b][a] = sums[a * padded + b];
        out.with_y[a] = sums[a * padded + K];
    }
    out.y_squared = sums[K * padded + K];
    return out;
}

/// |Xx - y| for one problem, from its rows.
inline double residual_length(double const* columns, std::span<double const> x, std::span<double const> y) {
    double total = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        double rest = y[i];
        for (std::size_t c = 0; c < x.size(); ++c) rest -= columns[c * y.size() + i] * x[c];
        total += rest * rest;
    }
    return std::sqrt(total);
}

inline void count_verdict(nnls_batch_summary& summary, nnls_fit const& fit) {
    summary.from_triangle += fit.method == nnls_method::triangle;
    summary.dependent += fit.verdict == nnls_verdict::dependent;
    summary.unfinished += fit.verdict == nnls_verdict::unfinished;
}

template <std::size_t K> void solve_batch(nnls_problems const& all, instruction_set set, nnls_batch_summary& summary) {
    for (std::size_t p = 0; p < all.count(); ++p) {
        double const* const columns = all.columns.data() + p * all.rows * all.unknowns;
        auto const y = all.y.subspan(p * all.rows, all.rows);
        auto const x = all.x.subspan(p * all.unknowns, all.unknowns);
        if constexpr (K > 0) {
            auto const system = small_gram_of<K>(columns, y, set);
            if (auto const fit = solve_supports(system)) {
                std::copy(fit->x.begin(), fit->x.end(), x.begin());
                double square = system.y_squared;
                for (std::size_t j = 0; j < K; ++j) square -= fit->x[j] * system.with_y[j];
                // A small difference of large squares has lost its digits: then from the rows, as in `nnls`.
                all.residuals[p] =
                    square >= 1e-5 * system.y_squared ? std::sqrt(square) : residual_length(columns, x, y);
                continue;
            }
        }
        auto const fit = nnls({columns, all.rows * all.unknowns}, all.unknowns, y, set);
        std::copy(fit.x.begin(), fit.x.end(), x.begin());
        all.residuals[p] = fit.residual;
        count_verdict(summary, fit);
    }
}

}  // namespace detail

KVT_DECL void check_sizes(nnls_problems const& all) {
    std::size_t const n = all.count();
    if (all.columns.size() != n * all.rows * all.unknowns || all.y.size() != n * all.rows ||
        all.x.size() != n * all.unknowns)
        throw error{error_kind::usage, "nnls batch", "the arrays do not match",
                    std::to_string(n) + " problems of " + std::to_string(all.rows) + " rows and " +
                        std::to_string(all.unknowns) + " unknowns"};
}

KVT_LAZY_DECL nnls_batch_summary nnls_batch(nnls_problems const& problems, instruction_set set) {
    check_usable(set);
    check_sizes(problems);
    nnls_batch_summary summary;
    switch (problems.unknowns) {
        case 1: detail::solve_batch<1>(problems, set, summary); break;
        case 2: detail::solve_batch<2>(problems, set, summary); break;
        case 3: detail::solve_batch<3>(problems, set, summary); break;
        case 4: detail::solve_batch<4>(problems, set, summary); break;
        default: detail::solve_batch<0>(problems, set, summary);
    }
    return summary;
}

}  // namespace kvt::inline KVT_ABI::numeric
