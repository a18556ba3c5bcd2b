// Logistic regression with a small ridge, for shares between 0 and 1.
#pragma once

#include <kvt/core/record.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// 1/(1 + e^-x), and its inverse for p strictly between 0 and 1.
[[nodiscard]] inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }
[[nodiscard]] inline double logit(double p) { return std::log(p) - std::log1p(-p); }

struct logistic_fit {
    std::vector<double> beta;
    std::int64_t iterations = 0;
    bool converged = false;
};
KVT_RECORD(logistic_fit, beta, iterations, converged);

/// Maximises Σ w[yη - ln(1 + e^η)] - ½·ridge·Σ_{j>0} β_j² with η = xβ, by Newton's method from 0 with step halving,
/// until no coefficient moves by 1e-10 (at most 100 steps). `x` holds y.size() rows of `columns` numbers; the first
/// column is the constant and is not penalised. Weights are counts, none are all 1; rows of weight 0 cost nothing. Throws
/// `error{usage}` where the sizes do not fit.
[[nodiscard]] logistic_fit ridge_logistic(std::span<double const> x, std::size_t columns, std::span<double const> y,
                                          double ridge, std::span<double const> weights = {});

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/logistic.ipp>
#endif
