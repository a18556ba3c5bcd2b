#include "quant_policies.hpp"

#include <kvt/quant/configured.hpp>

namespace cli {

namespace quant = kvt::quant;

quant::settings settings_of(quant_options const& q) {
    quant::settings out{.bit_width = q.bit_width, .num_time_groups = q.num_time_groups};
    if (q.min_accuracy) out.min_accuracy = *q.min_accuracy;
    out.smoothness_threshold = q.smoothness_threshold;
    out.smoothing = !q.smooth.empty(), out.optimization = q.optimize;
    out.window_size = q.window;
    if (!out.smoothing) return out;
    out.interpolation = quant::interpolation_named(q.smooth);
    return out;
}

quant::kernel_smoothing smoothing_of(quant_options const& q) {
    auto const guard = kvt::choice_of<quant::smoothing_guard>(q.guard);
    if (!guard) throw kvt::error{kvt::error_kind::usage, "--guard " + q.guard, "not a guard", "mse, cover or none"};
    auto out = quant::smoothing_of(settings_of(q));
    out.guard = *guard, out.budget = q.guard_budget;
    out.check();
    return out;
}

quant::coordinate_descent descent_of(quant_options const& q, double lambda) {
    quant::coordinate_descent out{.lambda = lambda, .max_sweeps = q.max_sweeps};
    out.check();
    return out;
}

kvt::json optimizer_parameters(quant_options const& q) {
    if (q.optimizer != quant::coordinate_descent::name) return {};
    return kvt::to_json(descent_of(q, q.lambda));
}

}  // namespace cli
