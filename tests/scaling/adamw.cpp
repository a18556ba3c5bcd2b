#include "../laws/optimizer.hpp"

#include <kvt/scaling/adamw.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("AdamW meets the optimizer's laws") { laws::check_optimizer(adamw{}); }

TEST_CASE("two steps are what the formula says") {
    adamw const how{0.9, 0.98, 1e-8};
    double const rate = 0.01, decay = 0.1, multiplier = 0.5;
    std::vector<double> p{1}, gradients{0};
    std::vector<std::vector<double>> memory(2, std::vector<double>(1));
    std::vector<parameter> const list{{.name = "a", .columns = 1, .dimensions = 1}};
    std::vector<tensor_rates> const rates{{rate, decay}};
    exec::inline_executor const here{};
    double x = 1, m = 0, v = 0;
    for (std::int64_t t = 1; t <= 2; ++t) {
        double const g = t == 1 ? 3 : -1, lr = rate * multiplier;
        x *= 1 - lr * decay;
        m = 0.9 * m + 0.1 * g, v = 0.98 * v + 0.02 * g * g;
        x -= lr / (1 - std::pow(0.9, t)) * m / (std::sqrt(v) / std::sqrt(1 - std::pow(0.98, t)) + 1e-8);
        gradients[0] = g;
        how.apply(parameter_step<double>{.parameters = p,
                                         .gradients = gradients,
                                         .tensors = list,
                                         .rates = rates,
                                         .memory = memory,
                                         .step = t,
                                         .multiplier = multiplier},
                  here);
        CHECK(p[0] == doctest::Approx(x).epsilon(1e-12));
    }
}

TEST_CASE("what is out of range is refused by name") {
    CHECK(holds(refusal([] { adamw{1, 0.9, 1e-8}.check(); }), "adamw.beta1"));
    CHECK(holds(refusal([] { adamw{0.9, -1, 1e-8}.check(); }), "adamw.beta2"));
    CHECK(holds(refusal([] { adamw{0.9, 0.9, 0}.check(); }), "adamw.eps"));
    exec::inline_executor const here{};
    CHECK(holds(refusal([&] { adamw{}.apply(parameter_step<float>{}, here); }), "m and v"));
}
