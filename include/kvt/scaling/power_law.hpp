// power_law: y = l_inf + k C^a, with what is known about its fit.
#pragma once

#include <kvt/core/record.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// One law as scaling_laws.json has it. Intervals are of 95 %, `[low, high]`.
struct power_law {
    std::string name{};
    double coefficient_k = 0, exponent_a = 0, r_squared = 0;
    std::optional<std::vector<double>> k_ci{}, a_ci{};
    std::string formula{};
    std::optional<double> l_inf{};  ///< null counts as 0

    /// The law's value at a budget: the only evaluator there is.
    [[nodiscard]] double value(double compute_budget) const {
        return l_inf.value_or(0) + coefficient_k * std::pow(compute_budget, exponent_a);
    }
};
KVT_RECORD(power_law, name, coefficient_k, exponent_a, r_squared, k_ci, a_ci, formula, l_inf);

/// `N_opt = 7.7426e+01 * C^0.3333`, with `l_inf` in front of the product where there is one.
[[nodiscard]] std::string formula_text(power_law const& law);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/power_law.ipp>
#endif
