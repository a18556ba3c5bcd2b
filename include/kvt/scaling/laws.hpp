// laws: what analysis finds, as scaling_laws.json, and the best model it predicts for a budget.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/buckets.hpp>
#include <kvt/scaling/power_law.hpp>

#include <array>

namespace kvt::inline KVT_ABI::scaling {

/// The three laws: best N, D and loss over C.
struct law_triple {
    power_law n_opt_fit{}, d_opt_fit{}, l_opt_fit{};

    [[nodiscard]] std::array<power_law const*, 3> all() const { return {&n_opt_fit, &d_opt_fit, &l_opt_fit}; }
};
KVT_RECORD(law_triple, n_opt_fit, d_opt_fit, l_opt_fit);

/// What a budget is best spent on. N and D are cut to whole numbers, the ratio is not of these.
struct prediction {
    double target_compute = 0;
    std::int64_t optimal_params = 0, optimal_tokens = 0;
    double expected_loss = 0;
    double tokens_per_param = 0;  ///< 0 where N is not above 0
};
KVT_RECORD(prediction, target_compute, optimal_params, optimal_tokens, expected_loss, tokens_per_param);

/// Throws `scaling_error{invalid_target}` for a budget that is not finite and above 0, or for which the laws give no finite
/// numbers below 2^63.
[[nodiscard]] prediction predict(law_triple const& laws, double target_compute);

/// Markdown: one row a budget, such as `| 1.00e+18 | 10,000,000 | 100,000,000 | 10.0 | 1.5849 |`. Without budgets, nine
/// from 1e18 to 1e22, evenly spaced in the logarithm.
[[nodiscard]] std::string prediction_table(law_triple const& laws, std::span<double const> budgets = {});

/// 12345678 as `12,345,678`.
[[nodiscard]] std::string with_thousands(std::int64_t value);

/// The laws of a file of any pipeline that writes k and a for each (scaling-laws 8.3); an absent `l_inf` is null, unknown
/// fields are ignored. Throws `scaling_error{bad_laws}` naming the field.
[[nodiscard]] law_triple parse_laws(json const& document, std::string_view where = "scaling_laws.json");

/// Throws `scaling_error{missing_laws}` naming the command that makes it, otherwise as `parse_laws`.
[[nodiscard]] law_triple read_laws(std::string const& path);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/laws.ipp>
#endif
