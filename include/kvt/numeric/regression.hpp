// Linear regression with standard errors, ordinary or weighted.
#pragma once

#include <kvt/core/record.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

struct linear_fit {
    std::vector<double> beta{};            ///< coefficients; those of columns that depend on earlier ones are 0
    std::vector<double> standard_error{};  ///< of the coefficients; empty where no degree of freedom is left
    std::int64_t rank = 0;                 ///< independent columns, to 1e-10 with columns scaled to length 1
    std::int64_t degrees_of_freedom = 0;   ///< rows with a weight above 0, less the rank
    double residual = 0;                   ///< √Σ w(y - Xβ)²
    std::optional<double> r2{};            ///< 1 - Σ w(y - Xβ)² / Σ w(y - ȳ)²; null where y does not vary
    [[nodiscard]] bool unique() const { return rank == static_cast<std::int64_t>(beta.size()); }
};
KVT_RECORD(linear_fit, beta, standard_error, rank, degrees_of_freedom, residual, r2);

/// Minimises Σ w(y - Xβ)², X dense with `unknowns` columns of y.size() rows, one after another in `columns`; put a column
/// of ones there for a constant. By a QR factorisation with column scaling. Weights are inverse variances up to a factor
/// and scale the standard errors accordingly; none are all 1. Where columns depend on each other, the later ones (in
/// pivoted order) get 0 and infinite standard errors. Throws `error{usage}` where the sizes do not fit, a number is not
/// finite or a weight is negative.
KVT_LAZY [[nodiscard]] linear_fit linear_regression(std::span<double const> columns, std::size_t unknowns,
                                                    std::span<double const> y, std::span<double const> weights = {});

/// A straight line y = intercept + slope·x: `linear_regression` on a column of ones and x.
KVT_LAZY [[nodiscard]] linear_fit line_through(std::span<double const> x, std::span<double const> y,
                                               std::span<double const> weights = {});

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/regression.ipp>
#endif
