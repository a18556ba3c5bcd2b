#include <doctest/doctest.h>

#include <kvt/engine/primitives.hpp>

using namespace kvt;

TEST_CASE("a budget as tokens, ratio and window") {
    auto const p = engine::primitives_of(0.2, 1000);
    CHECK(p.retained_tokens == 200);
    CHECK(p.compression_ratio == doctest::Approx(0.8));
    CHECK(p.sinks == 4);
    CHECK(p.window == 196);
    CHECK(engine::primitives_of(0.5, 5).retained_tokens == 2);  // halves go to the even number
    CHECK(engine::primitives_of(0.5, 7).retained_tokens == 4);
    CHECK(engine::primitives_of(1.0, 7).retained_tokens == 7);
    CHECK(engine::primitives_of(0.01, 100, 4).window == 1);
}
