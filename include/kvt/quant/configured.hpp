// configured: what a configuration asks of stages and policies.
#pragma once

#include <kvt/quant/finite_difference_ranges.hpp>
#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/quantize_tensor.hpp>
#include <kvt/quant/settings.hpp>

namespace kvt::inline KVT_ABI::quant {

/// How tensors are divided.
[[nodiscard]] inline grouping grouping_of(settings const& s) { return {s.num_time_groups, s.group_size}; }
/// Phase 2, guarded as by default.
[[nodiscard]] inline kernel_smoothing smoothing_of(settings const& s) {
    return {.method = s.interpolation, .window = s.window_size};
}
/// The published phase 3, which is what the fields from `markov_weight` on describe; `coordinate_descent` has none of them.
[[nodiscard]] inline finite_difference_ranges published_optimizer_of(settings const& s) {
    return {{.learning_rate = s.learning_rate,
             .max_iterations = s.max_iterations,
             .convergence_threshold = s.convergence_threshold,
             .weights = {s.markov_weight, s.entropy_weight},
             .schedule = {.kind = s.beta_schedule}}};
}

}  // namespace kvt::inline KVT_ABI::quant
