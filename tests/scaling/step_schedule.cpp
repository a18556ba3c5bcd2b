#include <kvt/scaling/step_schedule.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("after the warm-up the multiplier falls from 1 along half a cosine") {
    step_schedule const s{.steps = 12, .warmup_steps = 3, .min_ratio = 0.1};
    CHECK(s.multiplier(0) == doctest::Approx(1.0 / 3));
    CHECK(s.multiplier(2) == 1);
    CHECK(s.multiplier(3) == 1);
    for (int i = 4; i < 12; ++i) CHECK(s.multiplier(i) < s.multiplier(i - 1));
    CHECK(s.multiplier(11) > 0.1);
    CHECK(s.multiplier(100) == s.multiplier(11));
}

TEST_CASE("throughout: the cosine begins with the first step and the warm-up multiplies it") {
    step_schedule const s{.steps = 100, .warmup_steps = 10, .min_ratio = 0.1, .decay = decay_shape::throughout};
    CHECK(s.multiplier(4) < 0.5);
    CHECK(s.multiplier(4) > 0.49);
    CHECK(s.multiplier(9) < 1);
    CHECK(s.multiplier(49) == doctest::Approx(0.55));
    CHECK(s.multiplier(99) == doctest::Approx(0.1));
}

TEST_CASE("constant: nothing falls") {
    step_schedule const s{.steps = 9, .warmup_steps = 2, .decay = decay_shape::constant};
    CHECK(s.multiplier(0) == 0.5);
    CHECK(s.multiplier(8) == 1);
}

TEST_CASE("token budgets become whole steps, at least one") {
    auto const b = steps_for(333333, 64, 1, 256);
    CHECK(b.steps == 21);
    CHECK(b.tokens_trained == 344064);
    CHECK(steps_for(1, 8, 4, 32).steps == 1);
    CHECK(warmup_steps_of(0.25, 12) == 3);
    CHECK(holds(refusal([] { (void)steps_for(0, 1, 1, 1); }), "1 or more"));
    CHECK(holds(refusal([] { (void)steps_for(1, std::int64_t{1} << 40, 1 << 20, 1 << 20); }), "1 or more"));
}

TEST_CASE("what is out of range is refused by name") {
    CHECK(holds(refusal([] { step_schedule{.steps = 0}.check(); }), "schedule.steps"));
    CHECK(holds(refusal([] { step_schedule{.steps = 5, .warmup_steps = 6}.check(); }), "warmup_steps"));
    CHECK(holds(refusal([] { step_schedule{.min_ratio = 1.5}.check(); }), "min_ratio"));
    CHECK(holds(refusal([] { (void)warmup_steps_of(2, 10); }), "warmup_ratio"));
}
