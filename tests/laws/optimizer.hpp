// Laws of kvt::scaling::optimizer.
#pragma once

#include <kvt/scaling/train_step.hpp>

#include <doctest/doctest.h>

#include <cmath>

namespace laws {

/// Where f(x) = sum of a_i (x_i - 1)^2 / 2 is walked down: a user's own model, with nothing but what steps need.
template <class Real> struct bowl {
    using real = Real;
    using batch = double;
    std::vector<Real> x = std::vector<Real>(40000), g = std::vector<Real>(40000);
    std::vector<kvt::scaling::parameter> list{{.name = "a", .columns = 10, .dimensions = 1},
                                              {.name = "b", .rows = 2, .columns = 19995, .offset = 10}};

    [[nodiscard]] static Real slope(std::size_t i) { return static_cast<Real>(1 + i % 3); }
    [[nodiscard]] std::span<Real> parameters() { return x; }
    [[nodiscard]] std::span<Real> gradients() { return g; }
    [[nodiscard]] std::span<kvt::scaling::parameter const> tensors() const { return list; }
    [[nodiscard]] std::int64_t num_params() const { return static_cast<std::int64_t>(x.size()); }
    [[nodiscard]] double loss(double scale) const {
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i)
            sum += scale * static_cast<double>(slope(i) * (x[i] - 1) * (x[i] - 1)) / 2;
        return sum;
    }
    double loss_and_gradients(double scale) {
        for (std::size_t i = 0; i < x.size(); ++i) g[i] += static_cast<Real>(scale) * slope(i) * (x[i] - 1);
        return loss(scale);
    }
};

template <class Real, class O>
std::vector<Real> walked(O const& how, kvt::exec::executor_view executor, int steps, std::int64_t parts,
                         double rate = 0.05) {
    bowl<Real> model;
    auto state = kvt::scaling::optimizer_state<Real>::for_model(how, model.x.size());
    std::vector<kvt::scaling::tensor_rates> const rates{{rate, 0}, {rate, 0.01}};
    for (int s = 0; s < steps; ++s)
        (void)kvt::scaling::train_step(
            model, how, state, rates, {.max_grad_norm = std::numeric_limits<double>::infinity(), .accumulation = parts},
            executor, [](std::int64_t) { return 1.0; }, [](std::int64_t) {});
    CHECK(state.steps == steps);
    return model.x;
}

template <class O> void check_optimizer(O const& how) {
    how.check();
    kvt::exec::inline_executor const here{};
    auto const x = walked<float>(how, here, 400, 1);
    double furthest = 0;
    for (float v : x) furthest = std::max(furthest, std::abs(static_cast<double>(v) - 1));
    CHECK(furthest < 0.05);  // it arrives
    for (int threads : {2, 3})
        CHECK(walked<float>(how, kvt::exec::thread_executor{threads}, 50, 1) == walked<float>(how, here, 50, 1));
    CHECK(walked<double>(how, here, 20, 4) == walked<double>(how, here, 20, 1));  // equal parts average to one of them
    auto const still = walked<float>(how, here, 3, 1, 0);
    CHECK(still == std::vector<float>(still.size()));  // a rate of 0 moves nothing
}

}  // namespace laws
