// What every trainable model promises.
#pragma once

#include <doctest/doctest.h>
#include <kvt/scaling/trainable_model.hpp>

#include <algorithm>
#include <vector>

namespace laws {

/// `model` must not be at a minimum for `b`.
template <kvt::scaling::trainable_model Model>
void check_trainable_model(Model& model, typename Model::batch const& b) {
    using real = typename Model::real;
    std::span<real> const parameters = model.parameters(), gradients = model.gradients();
    std::span<kvt::scaling::parameter const> const tensors = model.tensors();
    REQUIRE(model.num_params() > 0);
    REQUIRE(gradients.size() == parameters.size());
    std::int64_t next = 0;
    for (auto const& t : tensors) {  // the buffers are divided without gaps
        REQUIRE_FALSE(t.name.empty());
        REQUIRE(t.offset == next);
        next += t.size();
    }
    REQUIRE(next == static_cast<std::int64_t>(parameters.size()));

    std::vector<real> const start(parameters.begin(), parameters.end());
    std::ranges::fill(gradients, real{0});
    double const loss = model.loss(b);
    REQUIRE(model.loss(b) == loss);
    REQUIRE(std::ranges::all_of(gradients, [](real g) { return g == 0; }));
    REQUIRE(model.loss_and_gradients(b) == loss);
    REQUIRE(std::ranges::equal(parameters, start));
    std::vector<real> const once(gradients.begin(), gradients.end());
    REQUIRE(std::ranges::any_of(once, [](real g) { return g != 0; }));
    std::ranges::fill(gradients, real{0});
    model.loss_and_gradients(b);
    REQUIRE(std::ranges::equal(gradients, once));
    model.loss_and_gradients(b);  // gradients are added
    double apart = 0, squares = 0;
    for (std::size_t i = 0; i < once.size(); ++i) {
        apart = std::max(apart, std::abs(static_cast<double>(gradients[i]) - 2 * static_cast<double>(once[i])));
        squares += static_cast<double>(once[i]) * static_cast<double>(once[i]);
    }
    REQUIRE(apart <= 1e-5 * std::sqrt(squares));

    // A short step against the gradient lowers the loss by about its length times the gradient's.
    double const step = 1e-2 * std::min(1.0, loss) / squares;
    for (std::size_t i = 0; i < once.size(); ++i)
        parameters[i] = static_cast<real>(static_cast<double>(start[i]) - step * static_cast<double>(once[i]));
    REQUIRE(loss - model.loss(b) == doctest::Approx(step * squares).epsilon(0.2));
    std::ranges::copy(start, parameters.begin());
}

}  // namespace laws
