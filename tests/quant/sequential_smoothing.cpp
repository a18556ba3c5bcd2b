#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/sequential_smoothing.hpp>
#include <kvt/quant/smoothness.hpp>

#include <algorithm>

namespace quant = kvt::quant;

TEST_CASE("a wide window overwrites every group: why it is no default") {
    std::vector<double> scale{.1, .1, .1, .9}, zero_point{50, 50, 50, 200};
    quant::sequential_smoothing{.window = 5}.smooth(scale, zero_point);
    for (double const s : scale) CHECK(s == doctest::Approx(0.1));
    CHECK(quant::headline{}(scale, zero_point).score == doctest::Approx(1));
}

TEST_CASE("it can add violations while it raises the score") {
    std::vector<double> scale{.1, .1, .1, .9}, zero_point{50, 50, 50, 200};
    auto const before = quant::headline{}(scale, zero_point);
    quant::sequential_smoothing{quant::interpolation::cubic, 1}.smooth(scale, zero_point);
    auto const after = quant::headline{}(scale, zero_point);
    CHECK(before.violations.size() == 1);
    CHECK(before.score == 0);
    CHECK(after.violations.size() == 2);
    CHECK(after.score == doctest::Approx(0.373).epsilon(1e-3));
}

TEST_CASE("a thousand sequences: within the values it began with") {
    kvt::random_stream stream{12, "sequential"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        std::vector<double> scale, zero_point;
        for (auto n = 1 + stream.below(12); n > 0; --n) {
            scale.push_back(0.01 + stream.unit());
            zero_point.push_back(300 * stream.unit() - 20);
        }
        auto const s = scale, z = zero_point;
        quant::sequential_smoothing const rule{static_cast<quant::interpolation>(stream.below(3)),
                                               static_cast<std::int64_t>(1 + stream.below(20))};
        rule.smooth(scale, zero_point);
        auto const inside = [](std::vector<double> const& was, std::vector<double> const& is) {
            auto const [least, most] = std::ranges::minmax(was);
            return std::ranges::all_of(is, [&](double v) { return v >= least - 1e-9 && v <= most + 1e-9; });
        };
        REQUIRE(inside(s, scale));
        REQUIRE(inside(z, zero_point));
        if (s.size() == 1) REQUIRE(scale == s);
    }
}

TEST_CASE("bad parameters") {
    using quant::fault;
    std::vector<double> two{1, 2}, one{1};
    CHECK(tensors::refusal([&] { quant::sequential_smoothing{}.smooth(two, one); }) == fault::length_mismatch);
    CHECK(tensors::refusal([] { quant::sequential_smoothing{.window = 21}.check(); }) == fault::invalid_window_size);
}
