// The closed form of non-negative least squares in up to four unknowns: every set of columns tried.
#pragma once

#include <kvt/version.hpp>

#include <array>
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
    std::array<double, K> gradient{};  ///< Xᵀ(y - Xx)
    std::int64_t tried = 0;            ///< sets of columns
};

namespace detail {

/// Bits of the columns of a set.
using column_set = unsigned;

/// The fit of some of K columns, without branches that depend on which: those left out count as columns of the identity.
template <std::size_t K> class chosen_fit {
  public:
    chosen_fit(small_gram<K> const& system, column_set chosen) {
        std::array<double, K> in{};
        for (std::size_t j = 0; j < K; ++j) in[j] = static_cast<double>(chosen >> j & 1U);
        for (std::size_t j = 0; j < K; ++j) {
            double pivot = system.products[j][j] * in[j] + (1 - in[j]);
            for (std::size_t k = 0; k < j; ++k) pivot -= l_[j][k] * u_[j][k];
            determinant *= pivot;
            inverse_[j] = 1 / pivot;
            for (std::size_t i = j + 1; i < K; ++i) {
                double s = system.products[i][j] * (in[i] * in[j]);
                for (std::size_t k = 0; k < j; ++k) s -= l_[i][k] * u_[j][k];
                u_[i][j] = s, l_[i][j] = s * inverse_[j];
            }
        }
        solve(system, in);
        for (std::size_t j = 0; j < K; ++j) {
            gradient[j] = system.with_y[j];
            for (std::size_t k = 0; k < K; ++k) gradient[j] -= system.products[j][k] * x[k];
        }
    }

    std::array<double, K> x{}, gradient{};
    double determinant = 1;  ///< of the chosen columns' products

  private:
    void solve(small_gram<K> const& system, std::array<double, K> const& in) {
        for (std::size_t i = 0; i < K; ++i) {
            x[i] = system.with_y[i] * in[i];
            for (std::size_t k = 0; k < i; ++k) x[i] -= l_[i][k] * x[k];
        }
        for (std::size_t i = K; i-- > 0;) {
            x[i] *= inverse_[i];
            for (std::size_t k = i + 1; k < K; ++k) x[i] -= l_[k][i] * x[k];
            x[i] *= in[i];
        }
    }

    std::array<std::array<double, K>, K> l_{}, u_{};  // products = L D Lᵀ; u = L D
    std::array<double, K> inverse_{};                 // of D
};

/// The set that a fit asks for: without the columns whose coefficient is not positive, with those whose gradient is above
/// rounding (`slack`, squared and over their length).
template <std::size_t K>
column_set wanted_set(small_gram<K> const& system, chosen_fit<K> const& fit, column_set chosen, double slack) {
    column_set out = 0;
    for (std::size_t j = 0; j < K; ++j) {
        bool const positive = fit.x[j] > 0;
        double const g = fit.gradient[j];
        bool const violated = !(g <= 0) && !(g * g <= slack * system.products[j][j]);
        out |= static_cast<column_set>((chosen >> j & 1U) != 0 ? positive : violated) << j;
    }
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
