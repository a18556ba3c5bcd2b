#include "gradient_check.hpp"

#include <kvt/scaling/rotary.hpp>

using namespace kvt::scaling;
using gradient_check::noise;

TEST_CASE("pairs turn by their angle, half a head apart") {
    rotary<double> turn{4, 100};
    turn.reach(3);
    std::vector<double> x(3 * 5, 0);
    for (std::size_t t = 0; t < 3; ++t)
        x[t * 5] = 1, x[t * 5 + 1] = 1, x[t * 5 + 4] = 7;  // one head, and one more column
    turn.forward(x, 5, 1);
    for (std::size_t t = 0; t < 3; ++t) {
        auto const angle = static_cast<double>(t);
        CHECK(x[t * 5 + 0] == doctest::Approx(std::cos(angle)));
        CHECK(x[t * 5 + 2] == doctest::Approx(std::sin(angle)));
        CHECK(x[t * 5 + 1] == doctest::Approx(std::cos(angle / 10)));
        CHECK(x[t * 5 + 3] == doctest::Approx(std::sin(angle / 10)));
        CHECK(x[t * 5 + 4] == 7);
    }
}

TEST_CASE("the way back is the opposite rotation, and the derivative") {
    rotary<double> turn{6, 10000};
    turn.reach(2);
    turn.reach(9);  // grows
    CHECK(turn.positions() == 9);
    auto x = noise(9 * 12, "x");
    auto const start = x;
    auto const by = noise(x.size(), "by");
    auto d_x = by;
    turn.backward(d_x, 12, 2);
    gradient_check::agree(x, d_x, [&] {
        auto y = x;
        turn.forward(y, 12, 2);
        return gradient_check::weighted(y, by);
    });
    turn.forward(x, 12, 2);
    turn.backward(x, 12, 2);
    for (std::size_t i = 0; i < x.size(); ++i) REQUIRE(x[i] == doctest::Approx(start[i]).epsilon(1e-12));
}
