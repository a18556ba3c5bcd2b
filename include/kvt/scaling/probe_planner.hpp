// probe_planner: a sweep over a model family of which only a size parameter and parameter counts are known.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/core/record.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// One training run of a probed family.
struct probed_experiment {
    std::string experiment_id{};
    double compute_budget = 0;
    std::int64_t size_param_value = 0, num_params = 0, num_tokens = 0;
    double tokens_per_param = 0;
};
KVT_RECORD(probed_experiment, experiment_id, compute_budget, size_param_value, num_params, num_tokens,
           tokens_per_param);

struct probed_plan {
    std::vector<probed_experiment> experiments{};
    std::vector<double> compute_budgets{};  ///< as they were given
    double total_flops = 0;                 ///< of all experiments
};
KVT_RECORD(probed_plan, experiments, compute_budgets, total_flops);

/// The number of parameters at a value of the size parameter; null where no such model can be built. A closed form will
/// do: nothing is trained.
using parameter_count = function_view<std::optional<std::int64_t>(std::int64_t)>;

/// Counts the parameters at sizes between two ends and takes, for each budget, those that get a tenth of a token per
/// parameter or more, thinned evenly (scaling-laws 1.9).
struct probe_planner {
    std::int64_t num_sizes_per_budget = 7, min_size = 64, max_size = 8192;
    double flops_per_param_per_token = 6;

    void check() const;
    /// The values that are tried: log-spaced multiples of 64, ascending, none twice.
    [[nodiscard]] std::vector<std::int64_t> probed_sizes() const;
    /// Budgets ascending. Throws `scaling_error{invalid_option}` for a budget or option out of range.
    [[nodiscard]] probed_plan operator()(std::span<double const> budgets, parameter_count count) const;
};
KVT_RECORD(probe_planner, num_sizes_per_budget, min_size, max_size, flops_per_param_per_token);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/probe_planner.ipp>
#endif
