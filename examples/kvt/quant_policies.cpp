#include "quant_policies.hpp"

namespace cli {

namespace quant = kvt::quant;

quant::kernel_smoothing smoothing_of(quant_options const& q) {
    auto const method = kvt::choice_of<quant::interpolation>(q.smooth);
    if (!method)
        throw quant::quant_error{quant::fault::invalid_interpolation, "--smooth " + q.smooth, "not an interpolation",
                                 "linear, cubic or sigmoid"};
    auto const guard = kvt::choice_of<quant::smoothing_guard>(q.guard);
    if (!guard) throw kvt::error{kvt::error_kind::usage, "--guard " + q.guard, "not a guard", "mse, cover or none"};
    quant::kernel_smoothing out{.method = *method, .window = q.window, .guard = *guard, .budget = q.guard_budget};
    out.check();
    return out;
}

quant::coordinate_descent descent_of(quant_options const& q, double lambda) {
    quant::coordinate_descent out{.lambda = lambda, .max_sweeps = q.max_sweeps};
    out.check();
    return out;
}

}  // namespace cli
