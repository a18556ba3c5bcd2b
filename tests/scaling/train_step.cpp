#include "../laws/optimizer.hpp"

#include <kvt/scaling/adamw.hpp>
#include <kvt/scaling/train_step.hpp>

#include <doctest/doctest.h>

using namespace kvt;
using namespace kvt::scaling;

namespace {
exec::inline_executor const here{};
std::vector<tensor_rates> const rates{{0.1, 0}, {0.1, 0}};
}  // namespace

TEST_CASE("losses and gradients of micro-batches are averaged, each is shown") {
    laws::bowl<double> model;
    gradient_descent const how;
    auto state = optimizer_state<double>::for_model(how, model.x.size());
    std::vector<std::int64_t> seen;
    auto const out = train_step(
        model, how, state, rates, {.max_grad_norm = 1e9, .accumulation = 2}, here,
        [](std::int64_t j) { return j == 0 ? 1.0 : 3.0; }, [&](std::int64_t j) { seen.push_back(j); });
    CHECK(seen == std::vector<std::int64_t>{0, 1});
    laws::bowl<double> same;
    CHECK(out.loss == doctest::Approx(2 * same.loss_and_gradients(1)));
    double squares = 0;
    for (double g : same.g) squares += 4 * g * g;
    CHECK(out.gradient_norm == doctest::Approx(std::sqrt(squares)));
    CHECK(model.x[0] == doctest::Approx(0.1 * 2));
    CHECK(model.x[1] == doctest::Approx(0.1 * 4));
}

TEST_CASE("a long gradient is shortened to the norm that is allowed") {
    laws::bowl<double> model;
    gradient_descent const how;
    auto state = optimizer_state<double>::for_model(how, model.x.size());
    (void)train_step(
        model, how, state, rates, {.max_grad_norm = 0.5}, here, [](std::int64_t) { return 1.0; }, [](std::int64_t) {});
    double squares = 0;
    for (double x : model.x) squares += x * x;
    CHECK(std::sqrt(squares) == doctest::Approx(0.1 * 0.5).epsilon(1e-6));
}

TEST_CASE("a loss that is not finite moves nothing") {
    laws::bowl<float> model;
    adamw const how;
    auto state = optimizer_state<float>::for_model(how, model.x.size());
    auto const out = train_step(
        model, how, state, rates, {}, here, [](std::int64_t) { return std::nan(""); }, [](std::int64_t) {});
    CHECK(std::isnan(out.loss));
    CHECK(model.x == std::vector<float>(model.x.size()));
    CHECK(state.memory[0] == std::vector<float>(model.x.size()));
    CHECK(state.steps == 0);
}
