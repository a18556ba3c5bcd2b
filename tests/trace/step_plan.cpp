#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/trace/fault.hpp>
#include <kvt/trace/step_plan.hpp>

#include <vector>

using namespace kvt::trace;

namespace {

step_load plan(step_limits const& limits, std::vector<step_place>& running) {
    return plan_step(limits, std::span{running}, [](step_place& p) -> step_place& { return p; });
}

}  // namespace

TEST_CASE("decodes first, then prompts in running order, a chunk each") {
    std::vector<step_place> running{
        {.prompt_left = 100}, {.decoding = true}, {.prompt_left = 5}, {.decoding = true}, {.prompt_left = 40}};
    auto load = plan({.chunk_size = 32}, running);
    CHECK(load.prefill_tokens == 32 + 5 + 32);
    CHECK(load.decode_tokens == 2);
    CHECK(load.served == 5);
    load = plan({.chunk_size = 32, .token_budget = 36}, running);
    CHECK(running[0].now == 32);
    CHECK(running[1].now == 0);
    CHECK(running[2].now == 2);
    CHECK(running[4].now == 0);
    CHECK(load.served == 4);
    load = plan({.chunk_size = 32, .token_budget = 1}, running);  // decodes are served whatever the budget
    CHECK(load.decode_tokens == 2);
    CHECK(load.prefill_tokens == 0);
}

TEST_CASE("any plan keeps to the limits and leaves nothing out that would fit") {
    kvt::random_stream draw{7, "plans"};
    for (int round = 0; round < 2000; ++round) {
        step_limits const limits{.chunk_size = static_cast<std::int64_t>(1 + draw.below(64)),
                                 .token_budget =
                                     static_cast<std::int64_t>(draw.below(3) == 0 ? 0 : 1 + draw.below(128))};
        std::vector<step_place> running(draw.below(12));
        for (auto& p : running) {
            p.decoding = draw.below(2) == 0;
            p.prompt_left = p.decoding ? 0 : static_cast<std::int64_t>(1 + draw.below(200));
            p.now = static_cast<std::int64_t>(draw.below(9));  // of an earlier step
        }
        auto const load = plan(limits, running);
        std::int64_t prefill = 0, decode = 0;
        bool short_of_budget = false;
        for (auto const& p : running) {
            CHECK(p.now >= 0);
            CHECK(p.now <= std::min(limits.chunk_size, p.prompt_left));
            prefill += p.now, decode += p.decoding;
            if (short_of_budget) CHECK(p.now == 0);  // nobody overtakes
            short_of_budget = short_of_budget || (!p.decoding && p.now < std::min(limits.chunk_size, p.prompt_left));
        }
        CHECK(load.prefill_tokens == prefill);
        CHECK(load.decode_tokens == decode);
        if (limits.token_budget > 0) {
            CHECK(prefill <= std::max<std::int64_t>(limits.token_budget - decode, 0));
            if (short_of_budget) CHECK(prefill + decode >= limits.token_budget);
        } else {
            CHECK_FALSE(short_of_budget);
        }
        CHECK(load.empty() == (prefill + decode == 0));
    }
}

TEST_CASE("room, and limits that make none") {
    CHECK(step_limits{}.room(1'000'000));
    CHECK(step_limits{.max_running = 2}.room(1));
    CHECK_FALSE(step_limits{.max_running = 2}.room(2));
    CHECK_THROWS_WITH((step_limits{.chunk_size = 0}.check()), "bad_option: chunk_size 0; expected at least 1");
    CHECK_THROWS_WITH((step_limits{.max_running = -1}.check()), "bad_option: max_running -1; expected at least 0");
    CHECK_THROWS_WITH((step_limits{.token_budget = -1}.check()), "bad_option: token_budget -1; expected at least 0");
}
