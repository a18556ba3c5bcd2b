// planner: which model sizes to train at which compute budgets.
#pragma once

#include <kvt/scaling/experiment.hpp>
#include <kvt/scaling/training_flops.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// How grid points become whole numbers.
enum class grid_rounding : std::uint8_t {
    exact,      ///< ends as they were given, the rest to the nearest, none twice
    truncated,  ///< as the published pipeline: all towards zero, so ends may fall one short and small sizes repeat
};
KVT_CHOICE(grid_rounding, "exact", "truncated");

/// Budgets and, at each, sizes, all evenly spaced in the logarithm (IsoFLOP; scaling-laws 1). The defaults are those of a
/// library user; `kvt scaling plan` begins with smaller ones.
struct planner {
    double min_flops = 1e17, max_flops = 1e21;
    std::int64_t num_compute_budgets = 5, num_model_sizes = 7;
    std::int64_t min_model_size = 10'000'000, max_model_size = 10'000'000'000;
    grid_rounding grid = grid_rounding::exact;

    /// Throws `scaling_error{invalid_option}` naming the key.
    void check() const;
    [[nodiscard]] std::vector<double> budgets() const;
    /// Candidates at a budget, ascending: up to the smaller of `max_model_size` and budget/6 (one token in all), at least
    /// `min_model_size` alone.
    [[nodiscard]] std::vector<std::int64_t> sizes(double budget) const;
    /// All pairs but those with less than one token per ten parameters, numbered in order. Checks first.
    [[nodiscard]] std::vector<experiment> operator()() const;
};
KVT_RECORD(planner, min_flops, max_flops, num_compute_budgets, num_model_sizes, min_model_size, max_model_size, grid);

/// Smaller learning rates for larger models: base_lr · (base_size / N)^lr_power.
struct learning_rate_rule {
    bool enabled = false;
    double base_lr = 3e-4, base_size = 1e7, lr_power = 0.1;

    void check() const;
    [[nodiscard]] double at(double parameters) const;
    /// Writes it into every experiment, where enabled.
    void apply(std::span<experiment> sweep) const;
};
KVT_RECORD(learning_rate_rule, enabled, base_lr, base_size, lr_power);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/planner.ipp>
#endif
