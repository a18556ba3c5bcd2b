// train_step: forward, backward, clip, update: one step of any model that has gradients.
#pragma once

#include <kvt/scaling/gradient_norm.hpp>
#include <kvt/scaling/optimizer.hpp>
#include <kvt/scaling/trainable_model.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// What an optimizer remembers between steps.
template <class Real> struct optimizer_state {
    std::int64_t steps = 0;  ///< taken
    std::vector<std::vector<Real>> memory{};

    /// All zeros, for a model of that many parameters.
    template <optimizer O> [[nodiscard]] static optimizer_state for_model(O const&, std::size_t parameters) {
        return {0, std::vector<std::vector<Real>>(O::memory_names.size(), std::vector<Real>(parameters))};
    }
};

/// How one step is to be taken.
struct step_options {
    double multiplier = 1;
    double max_grad_norm = 1;  ///< infinite: no clipping
    std::int64_t accumulation = 1;
};
/// What it came to; both are of before the update.
struct step_outcome {
    double loss = 0;
    double gradient_norm = 0;  ///< before it was clipped
};
KVT_RECORD(step_outcome, loss, gradient_norm);

/// One step: `batch(j)` gives micro-batch j of `accumulation`, whose losses and gradients are averaged; the gradients are
/// clipped and the optimizer moves the parameters (scaling-laws 2.6). `seen(j)` is called behind each micro-batch. A loss
/// or gradient that is not finite leaves the parameters as they were; the outcome shows it.
template <trainable_model Model, optimizer O, class Batch, class Seen>
step_outcome train_step(Model& model, O const& how, optimizer_state<typename Model::real>& state,
                        std::span<tensor_rates const> rates, step_options const& options, exec::executor_view executor,
                        Batch&& batch, Seen&& seen) {
    using real = typename Model::real;
    std::span<real> const gradients = model.gradients();
    std::fill(gradients.begin(), gradients.end(), real{0});
    double const parts = static_cast<double>(options.accumulation);
    step_outcome out;
    for (std::int64_t j = 0; j < options.accumulation; ++j) {
        out.loss += model.loss_and_gradients(batch(j)) / parts;
        seen(j);
    }
    out.gradient_norm = gradient_norm<real>(gradients, executor) / parts;
    if (!std::isfinite(out.loss) || !std::isfinite(out.gradient_norm)) return out;
    how.apply(parameter_step<real>{.parameters = model.parameters(),
                                   .gradients = gradients,
                                   .tensors = model.tensors(),
                                   .rates = rates,
                                   .memory = state.memory,
                                   .step = state.steps + 1,
                                   .multiplier = options.multiplier,
                                   .gradient_scale = clipping_factor(out.gradient_norm, options.max_grad_norm) / parts},
              executor);
    ++state.steps;
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
