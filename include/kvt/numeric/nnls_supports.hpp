// The closed form of non-negative least squares in up to four unknowns: every set of columns tried.
#pragma once

#include <kvt/version.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace kvt::inline KVT_ABI::numeric {

/// Normal equations of K columns: XᵀX, Xᵀy and yᵀy.
template <std::size_t K>
    requires(K >= 1 && K <= 4)
struct small_gram {
    std::array<std::array<double, K>, K> products{};
    std::array<double, K> with_y{};
    double y_squared = 0;
};

template <std::size_t K> struct support_fit {
    std::array<double, K> x{};
    double kkt = 0;  ///< see `nnls_fit`
    std::int64_t tried = 0;
};

namespace detail {

/// A positive definite system of a few of K unknowns.
template <std::size_t K> struct small_cholesky {
    std::array<std::array<double, K>, K> l{};
    std::array<double, K> inverse{};  ///< of the diagonal
    double determinant = 1;

    /// The part of `g` that belongs to `chosen`; columns keep their numbers.
    small_cholesky(std::array<std::array<double, K>, K> const& g, unsigned chosen) {
        for (std::size_t j = 0; j < K; ++j) {
            if ((chosen >> j & 1U) == 0) continue;
            double pivot = g[j][j];
            for (std::size_t k = 0; k < j; ++k) pivot -= l[j][k] * l[j][k];
            determinant *= pivot;
            if (!(pivot > 0)) return;
            inverse[j] = 1 / std::sqrt(pivot);
            for (std::size_t i = j + 1; i < K; ++i) {
                if ((chosen >> i & 1U) == 0) continue;
                double s = g[i][j];
                for (std::size_t k = 0; k < j; ++k) s -= l[i][k] * l[j][k];
                l[i][j] = s * inverse[j];
            }
        }
    }
    /// Zero where not chosen.
    [[nodiscard]] std::array<double, K> solve(std::array<double, K> const& c) const {
        std::array<double, K> x{};
        for (std::size_t i = 0; i < K; ++i) {
            double s = c[i];
            for (std::size_t k = 0; k < i; ++k) s -= l[i][k] * x[k];
            x[i] = s * inverse[i];
        }
        for (std::size_t i = K; i-- > 0;) {
            double s = x[i];
            for (std::size_t k = i + 1; k < K; ++k) s -= l[k][i] * x[k];
            x[i] = s * inverse[i];
        }
        return x;
    }
};

}  // namespace detail

/// The minimiser over x >= 0: the one set of columns whose own fit is positive while no other column would lower the
/// residual, found by trying all sets, from all columns to none. Null where the normal equations cannot tell it: the
/// determinant with columns scaled to length 1 is below 1e-5, a column is zero, a number is not finite or too far from 1
/// to be squared, or rounding leaves no set.
template <std::size_t K> [[nodiscard]] std::optional<support_fit<K>> solve_supports(small_gram<K> const& system) {
    constexpr double least_determinant = 1e-5, smallest = 1e-200, largest = 1e200;
    constexpr unsigned all = (1U << K) - 1;
    if (!(system.y_squared < largest)) return std::nullopt;
    std::array<double, K> scale{}, c{};
    std::array<std::array<double, K>, K> g{};
    for (std::size_t j = 0; j < K; ++j) {
        if (!(system.products[j][j] > smallest && system.products[j][j] < largest)) return std::nullopt;
        scale[j] = 1 / std::sqrt(system.products[j][j]);
        c[j] = system.with_y[j] * scale[j];
        for (std::size_t i = 0; i < j; ++i) g[i][j] = g[j][i] = system.products[i][j] * scale[i] * scale[j];
        g[j][j] = 1;
    }
    double const y_length = std::sqrt(system.y_squared), slack = 1e-12 * y_length;
    support_fit<K> out;
    for (unsigned chosen = all + 1; chosen-- > 0;) {
        detail::small_cholesky<K> const factor{g, chosen};
        if (chosen == all && !(factor.determinant >= least_determinant)) return std::nullopt;
        auto const x = factor.solve(c);
        ++out.tried;
        bool fits = true;
        double worst = 0;
        for (std::size_t j = 0; j < K && fits; ++j) {
            if ((chosen >> j & 1U) != 0) {
                fits = x[j] > 0;
                continue;
            }
            double gradient = c[j];
            for (std::size_t k = 0; k < K; ++k) gradient -= g[j][k] * x[k];
            fits = gradient <= slack;
            worst = std::max(worst, gradient);
        }
        if (!fits) continue;
        for (std::size_t j = 0; j < K; ++j) out.x[j] = x[j] * scale[j];
        for (std::size_t j = 0; j < K; ++j) {
            if ((chosen >> j & 1U) == 0) continue;
            double gradient = c[j];
            for (std::size_t k = 0; k < K; ++k) gradient -= g[j][k] * x[k];
            worst = std::max(worst, std::abs(gradient));
        }
        out.kkt = y_length > 0 ? worst / y_length : 0;
        return out;
    }
    return std::nullopt;
}

}  // namespace kvt::inline KVT_ABI::numeric
