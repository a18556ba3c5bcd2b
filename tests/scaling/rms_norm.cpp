#include "gradient_check.hpp"

#include <kvt/scaling/rms_norm.hpp>

#include <array>

using namespace kvt::scaling;
using gradient_check::noise;

TEST_CASE("a norm's rows have the root mean square of their gains") {
    rms_norm<double> const layer{4, 0};
    std::vector<double> const x{1, -1, 1, -1, 3, 0, 0, 4}, gain{1, 1, 2, 1};
    std::vector<double> y(8), scales(2);
    layer.forward(x, gain, y, scales);
    CHECK(scales[1] == doctest::Approx(0.4));
    CHECK(y[2] == doctest::Approx(2));
    CHECK(y[4] == doctest::Approx(1.2));
    CHECK(y[7] == doctest::Approx(1.6));
}

TEST_CASE("a norm's gradients are the derivatives") {
    for (auto const& [rows, width] : {std::array<std::size_t, 2>{3, 5}, {2, 16}, {7, 37}}) {
        rms_norm<double> const layer{width, 1e-2};  // an eps that is felt
        auto x = noise(rows * width, "x"), gain = noise(width, "gain");
        auto const by = noise(rows * width, "by");
        std::vector<double> y(x.size()), scales(rows), d_x(x.size(), 0.5), d_gain(width, 0.25);
        auto const loss = [&] {
            layer.forward(x, gain, y, scales);
            return gradient_check::weighted(y, by);
        };
        (void)loss();
        layer.backward(by, x, gain, scales, d_x, d_gain);
        for (auto& v : d_x) v -= 0.5;
        for (auto& v : d_gain) v -= 0.25;
        gradient_check::agree(x, d_x, loss);
        gradient_check::agree(gain, d_gain, loss);
    }
}
