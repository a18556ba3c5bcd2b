#include <doctest/doctest.h>
#include <kvt/scaling/unit_scaling.hpp>

using namespace kvt::scaling;

TEST_CASE("residual branches weigh less the later they come") {
    auto const tau = residual_weights(2);
    REQUIRE(tau.size() == 4);
    CHECK(tau[0] == doctest::Approx(0.7071067811865475).epsilon(1e-12));
    CHECK(tau[3] == doctest::Approx(0.4472135954999579).epsilon(1e-12));
    CHECK(residual_weights(1, 0.5, 2)[1] == doctest::Approx(0.2672612419124244).epsilon(1e-12));
}

TEST_CASE("scales of gates, attention and learning rates") {
    CHECK(gated_silu_scale(1) == doctest::Approx(1.6817928305074292).epsilon(1e-12));
    CHECK(causal_attention_scale(128, 64, 1) == doctest::Approx(5.103617119116862).epsilon(1e-12));
    CHECK(learning_rate_factor(unit_role::hidden, 256, 6) == doctest::Approx(0.02551551815399144).epsilon(1e-12));
    CHECK(learning_rate_factor(unit_role::output, 256, 6) == 1);
}
