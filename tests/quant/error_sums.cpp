#include <kvt/quant/error_sums.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("lanes are joined in one order, and sums add up") {
    error_lanes lanes;
    double const values[8] = {1e16, 1, -1e16, 1, 1, 1, 1, 1};
    for (int k = 0; k < 8; ++k) lanes.noise[k] = values[k], lanes.worst[k] = k == 3 ? 7 : k;
    lanes.count = 8;
    auto const s = lanes.sums();
    CHECK(s.noise ==
          ((values[0] + values[4]) + (values[2] + values[6])) + ((values[1] + values[5]) + (values[3] + values[7])));
    CHECK(s.worst == 7);
    CHECK(s.count == 8);
    error_sums sum{.count = 1, .clipped = 1, .signal = 1, .noise = 2, .cross = 3, .rebuilt = 4, .worst = 9};
    sum += sum;
    CHECK(sum.count == 2);
    CHECK(sum.clipped == 2);
    CHECK(sum.rebuilt == 8);
    CHECK(sum.worst == 9);
}
