// Definitions of trace/recover.hpp.
#pragma once

#include <kvt/trace/recover.hpp>

namespace kvt::inline KVT_ABI::trace::detail {

KVT_DECL recovery start_recovery(simulation const& run, step_engine const& engine) {
    return {.truth = engine.beta(),
            .on_log = fit_on_log(run).beta,
            .steps = static_cast<std::int64_t>(run.log.size()),
            .phases = static_cast<std::int64_t>(run.phases.size()),
            .dropped_phases = run.dropped_phases,
            .mean_batch = run.mean_batch,
            .busy_fraction = run.busy_seconds / run.makespan_seconds};
}

KVT_DECL recovered beside_truth(std::string name, coefficients const& truth, coefficients const& found) {
    auto const error = [](double is, double got) { return is == 0 ? std::nullopt : std::optional{got / is - 1}; };
    return {.estimator = std::move(name),
            .estimate = found,
            .error0 = error(truth.beta0, found.beta0),
            .error1 = error(truth.beta1, found.beta1),
            .error2 = error(truth.beta2, found.beta2)};
}

}  // namespace kvt::inline KVT_ABI::trace::detail
