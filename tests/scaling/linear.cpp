#include "gradient_check.hpp"

#include <kvt/scaling/linear.hpp>

#include <array>

using namespace kvt::scaling;
using gradient_check::noise;

TEST_CASE("a linear layer's gradients are the derivatives") {
    for (auto const& [rows, inputs, outputs] : {std::array<std::size_t, 3>{5, 7, 3}, {13, 1, 40}, {1, 33, 2}}) {
        linear<double> const layer{inputs, outputs};
        auto x = noise(rows * inputs, "x"), w = noise(outputs * inputs, "w");
        auto const by = noise(rows * outputs, "by");
        std::vector<double> y(rows * outputs), d_x(x.size(), 0.5), d_w(w.size(), 0.25);
        auto const loss = [&] {
            layer.forward(x, w, y);
            return gradient_check::weighted(y, by);
        };
        layer.backward_input(by, w, d_x);
        layer.backward_weight(by, x, d_w);
        for (auto& v : d_w) v -= 0.25;  // it is added
        gradient_check::agree(x, d_x, loss);
        gradient_check::agree(w, d_w, loss);
    }
}

TEST_CASE("a linear layer can add to what is there") {
    linear<float> const layer{2, 1};
    std::vector<float> const x{1, 2, 3, 4}, w{10, 1};
    std::vector<float> y{100, 200}, d_x(4, 1);
    layer.forward(x, w, y, writing::add);
    CHECK(y == std::vector<float>{112, 234});
    layer.forward(x, w, y);
    CHECK(y == std::vector<float>{12, 34});
    layer.backward_input(std::vector<float>{1, 2}, w, d_x, writing::add);
    CHECK(d_x == std::vector<float>{11, 2, 21, 3});
}
