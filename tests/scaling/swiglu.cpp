#include "gradient_check.hpp"

#include <kvt/scaling/swiglu.hpp>

using namespace kvt::scaling;
using gradient_check::noise;

TEST_CASE("a gate lets through what its sigmoid allows") {
    std::vector<float> const gate{0, 1, -200, 200}, up{5, 2, 3, 0.5F};
    std::vector<float> out(4);
    swiglu<float>{}.forward(gate, up, out);
    CHECK(out[0] == 0);
    CHECK(out[1] == doctest::Approx(2 / (1 + std::exp(-1.0))));
    CHECK(std::abs(out[2]) < 1e-30);
    CHECK(out[3] == 100);
}

TEST_CASE("a gate's gradients are the derivatives") {
    auto gate = noise(83, "gate", 4), up = noise(83, "up");
    auto const by = noise(83, "by");
    std::vector<double> out(83);
    auto d_gate = gate, d_up = up;
    swiglu<double>{}.backward(by, d_gate, d_up);
    auto const loss = [&] {
        swiglu<double>{}.forward(gate, up, out);
        return gradient_check::weighted(out, by);
    };
    gradient_check::agree(gate, d_gate, loss);
    gradient_check::agree(up, d_up, loss);
}
