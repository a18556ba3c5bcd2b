#include "../laws/optimizer.hpp"

#include <kvt/scaling/optimizer.hpp>

#include <doctest/doctest.h>

using namespace kvt::scaling;

TEST_CASE("plain descent meets the optimizer's laws") { laws::check_optimizer(gradient_descent{}); }

TEST_CASE("one step of plain descent is p - lr (g + wd p)") {
    std::vector<double> p{1, 2}, g{0.5, -1};
    std::vector<parameter> const list{{.name = "a", .columns = 2, .dimensions = 1}};
    std::vector<tensor_rates> const rates{{0.1, 0.2}};
    kvt::exec::inline_executor const here{};
    gradient_descent{}.apply(parameter_step<double>{.parameters = p,
                                                    .gradients = g,
                                                    .tensors = list,
                                                    .rates = rates,
                                                    .memory = {},
                                                    .multiplier = 0.5,
                                                    .gradient_scale = 2},
                             here);
    CHECK(p[0] == doctest::Approx(1 * (1 - 0.05 * 0.2) - 0.05 * 1));
    CHECK(p[1] == doctest::Approx(2 * (1 - 0.05 * 0.2) + 0.05 * 2));
}
