#include <kvt/numeric/huber.hpp>

#include <doctest/doctest.h>

using namespace kvt::numeric;

static_assert(huber(0.5, 1) == 0.125 && huber(-3, 1) == 2.5 && huber(1, 1) == 0.5);
static_assert(huber_slope(0.5, 1) == 0.5 && huber_slope(-3, 1) == -1);

TEST_CASE("both branches meet where they should") {
    for (double const delta : {1e-3, 1.0, 30.0}) {
        CHECK(huber(delta, delta) == doctest::Approx(huber(delta * (1 + 1e-9), delta)).epsilon(1e-8));
        CHECK(huber(5 * delta, delta) == doctest::Approx(delta * (5 * delta - delta / 2)));
    }
}
