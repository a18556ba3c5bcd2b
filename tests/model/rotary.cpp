#include "small_model.hpp"

#include <support/refusal.hpp>

#include <doctest/doctest.h>
#include <kvt/model/kernels.hpp>
#include <kvt/model/rotary.hpp>

#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace kvt::model;

namespace {

double largest_difference(std::vector<float> const& a, std::vector<float> const& b) {
    double out = 0;
    for (std::size_t i = 0; i < a.size(); ++i) out = std::max(out, std::abs(static_cast<double>(a[i]) - b[i]));
    return out;
}

}  // namespace

TEST_CASE("there and back changes no more than rounding does") {
    auto shape = small::odd_shape();
    for (double const theta : {1e4, 1e8}) {
        shape.rope_theta = theta;
        rotary const turn{shape};
        std::vector<std::int32_t> positions(2048);
        std::iota(positions.begin(), positions.end(), 0);
        auto const keys = small::noise(positions.size() * 10, "rotary", 8);
        auto turned = keys;
        turn.rotate(turned, positions);
        CHECK(largest_difference(turned, keys) > 1);
        turn.unrotate(turned, positions);
        CHECK(largest_difference(turned, keys) < 2e-6);
    }
}

TEST_CASE("the rotation is the transformer's") {
    auto const shape = small::odd_shape();
    rotary const turn{shape};
    auto const rows = small::noise(400 * 10, "kernel");
    std::vector<std::int32_t> positions(400);
    std::iota(positions.begin(), positions.end(), 0);
    auto mine = rows, theirs = rows;
    turn.rotate(mine, positions);
    for (std::size_t p = 0; p < positions.size(); ++p) {
        std::vector<float> cosines, sines;
        for (int i = 0; i < 5; ++i) {
            double const angle = static_cast<double>(p) * std::pow(shape.rope_theta, -2.0 * i / 10);
            cosines.push_back(static_cast<float>(std::cos(angle))),
                sines.push_back(static_cast<float>(std::sin(angle)));
        }
        kernels_of(kvt::instruction_set::portable).rotate(theirs.data() + p * 10, cosines.data(), sines.data(), 5);
    }
    CHECK(largest_difference(mine, theirs) < 1e-6);
}

TEST_CASE("sizes that do not fit are refused") {
    rotary const turn{small::odd_shape()};
    std::vector<float> rows(15);
    std::vector<std::int32_t> const one{3};
    CHECK(holds(refusal([&] { turn.rotate(rows, one); }), "10 for each of 1 positions"));
}
