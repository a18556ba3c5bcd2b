#include "../laws/optimizer.hpp"

#include <kvt/core/random.hpp>
#include <kvt/scaling/adamw.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <cmath>

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

TEST_CASE("every instruction set gives the same bits, at every length") {
    auto const walk = [](auto real, instruction_set set, std::size_t count) {
        using number = decltype(real);
        random_stream draws{5, "adamw"};
        std::vector<number> p(count), g(count);
        std::vector<std::vector<number>> memory(2, std::vector<number>(count));
        for (auto& x : p) x = static_cast<number>(draws.unit() - 0.5);
        std::vector<parameter> const list{{.name = "a", .columns = static_cast<std::int64_t>(count), .dimensions = 1}};
        std::vector<tensor_rates> const rates{{0.01, 0.1}};
        exec::inline_executor const here{};
        for (std::int64_t t = 1; t <= 5; ++t) {
            for (auto& x : g)
                x = static_cast<number>(std::ldexp(draws.unit() - 0.5, static_cast<int>(draws.below(30)) - 25));
            adamw{}.apply(parameter_step<number>{.parameters = p,
                                                 .gradients = g,
                                                 .tensors = list,
                                                 .rates = rates,
                                                 .memory = memory,
                                                 .step = t,
                                                 .multiplier = 0.7,
                                                 .gradient_scale = 0.3},
                          here, set);
        }
        p.insert(p.end(), memory[0].begin(), memory[0].end());
        p.insert(p.end(), memory[1].begin(), memory[1].end());
        return p;
    };
    for (auto const set : usable_instruction_sets())
        for (std::size_t const count : {1, 7, 8, 33, 20'000}) {
            CHECK(walk(1.0F, set, count) == walk(1.0F, instruction_set::portable, count));
            CHECK(walk(1.0, set, count) == walk(1.0, instruction_set::portable, count));
        }
}

TEST_CASE("what is out of range is refused by name") {
    CHECK(holds(refusal([] { adamw{1, 0.9, 1e-8}.check(); }), "adamw.beta1"));
    CHECK(holds(refusal([] { adamw{0.9, -1, 1e-8}.check(); }), "adamw.beta2"));
    CHECK(holds(refusal([] { adamw{0.9, 0.9, 0}.check(); }), "adamw.eps"));
    exec::inline_executor const here{};
    CHECK(holds(refusal([&] { adamw{}.apply(parameter_step<float>{}, here); }), "m and v"));
}
