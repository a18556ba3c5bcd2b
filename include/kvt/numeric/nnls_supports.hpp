// The closed form of non-negative least squares in up to four unknowns: every set of columns tried.
#pragma once

#include <kvt/version.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

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
    std::array<double, K> gradient{};  ///< Xᵀ(y - Xx)
    std::int64_t tried = 0;            ///< sets of columns
};

namespace detail {

/// Bits of the columns of a set.
using column_set = unsigned;

/// `f(0) ... f(N-1)` with numbers known when compiled, so that small matrices stay in registers.
template <std::size_t N, class F> constexpr void each(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (f(std::integral_constant<std::size_t, I>{}), ...); }
    (std::make_index_sequence<N>{});
}

/// The fit of some of K columns, without branches that depend on which: those left out count as columns of the identity.
template <std::size_t K> struct chosen_fit {
    std::array<double, K> x{}, gradient{};
    double determinant = 1;  ///< of the chosen columns' products

    chosen_fit(small_gram<K> const& system, column_set chosen) {
        auto const& g = system.products;
        std::array<double, K> in, inverse, z;       // of D in products = L D Lᵀ
        std::array<std::array<double, K>, K> l, u;  // u = L D
        each<K>([&](auto j) { in[j] = static_cast<double>(chosen >> j & 1U); });
        each<K>([&](auto j) {
            double pivot = g[j][j] * in[j] + (1 - in[j]);
            each<j>([&](auto k) { pivot -= l[j][k] * u[j][k]; });
            determinant *= pivot;
            inverse[j] = 1 / pivot;
            each<K - 1 - j>([&](auto next) {
                constexpr std::size_t i = next + j + 1;
                u[i][j] = g[i][j] * (in[i] * in[j]);
                each<j>([&](auto k) { u[i][j] -= l[i][k] * u[j][k]; });
                l[i][j] = u[i][j] * inverse[j];
            });
        });
        each<K>([&](auto i) {
            z[i] = system.with_y[i] * in[i];
            each<i>([&](auto k) { z[i] -= l[i][k] * z[k]; });
        });
        each<K>([&](auto from_end) {
            constexpr std::size_t i = K - 1 - from_end;
            z[i] *= inverse[i];
            each<from_end>([&](auto k) { z[i] -= l[K - 1 - k][i] * x[K - 1 - k]; });
            x[i] = z[i] * in[i];
        });
        each<K>([&](auto j) {
            gradient[j] = system.with_y[j];
            each<K>([&](auto k) { gradient[j] -= g[j][k] * x[k]; });
        });
    }
};

/// The set that a fit asks for: without the columns whose coefficient is not positive, with those whose gradient is above
/// rounding (`slack`, squared and over their length).
template <std::size_t K>
column_set wanted_set(small_gram<K> const& system, chosen_fit<K> const& fit, column_set chosen, double slack) {
    column_set out = 0;
    each<K>([&](auto j) {
        double const g = fit.gradient[j];
        auto const positive = static_cast<column_set>(fit.x[j] > 0);
        auto const violated =
            static_cast<column_set>(!(g <= 0)) & static_cast<column_set>(!(g * g <= slack * system.products[j][j]));
        out |= ((chosen >> j & positive) | (~chosen >> j & violated)) << j;
    });
    return out;
}

}  // namespace detail

/// The minimiser over x >= 0: the one set of columns whose own fit is positive while no other column would lower the
/// residual. Each fit tells which set to try next, from all columns on; where that does not settle, all sets are tried.
/// Null where the normal equations cannot tell it: the determinant with columns scaled to length 1 is below 1e-5, a
/// column is zero, a number is not finite or too far from 1 to be squared, or rounding leaves no set.
template <std::size_t K> [[nodiscard]] std::optional<support_fit<K>> solve_supports(small_gram<K> const& system) {
    constexpr double least_determinant = 1e-5, smallest = 1e-70, largest = 1e70;
    constexpr detail::column_set all = (1U << K) - 1;
    double diagonal = 1;
    bool usable = system.y_squared < 1e200;
    for (std::size_t j = 0; j < K; ++j) {
        double const square = system.products[j][j];
        usable = usable && square > smallest && square < largest;
        diagonal *= square;
    }
    if (!usable) return std::nullopt;
    double const slack = 1e-24 * system.y_squared;
    std::int64_t tried = 0;
    for (detail::column_set chosen = all, sweep = all + 1;;) {
        detail::chosen_fit<K> const fit{system, chosen};
        if (tried++ == 0 && !(fit.determinant >= least_determinant * diagonal)) return std::nullopt;
        auto const wanted = detail::wanted_set(system, fit, chosen, slack);
        if (wanted == chosen) return support_fit<K>{fit.x, fit.gradient, tried};
        if (tried < static_cast<std::int64_t>(K) + 2) chosen = wanted;
        else if (sweep-- > 0) chosen = sweep;
        else return std::nullopt;
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
