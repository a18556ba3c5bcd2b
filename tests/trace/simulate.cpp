#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/simulate.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::trace;

namespace {

step_engine const real{.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4};

std::vector<request> some_requests(kvt::random_stream& stream, std::uint64_t most) {
    std::vector<request> out;
    double now = 100;
    for (auto count = 1 + stream.below(most); count > 0; --count) {
        now += stream.below(3) == 0 ? 0 : stream.unit() / 2;
        out.push_back({"r" + std::to_string(count), now, static_cast<std::int64_t>(1 + stream.below(2000)),
                       static_cast<std::int64_t>(stream.below(60))});
    }
    return out;
}

}  // namespace

TEST_CASE("three requests by hand") {
    std::vector<request> const load{{"a", 0, 10, 3}, {"b", 0.03, 3, 1}, {"c", 9, 8, 0}};
    auto const run = simulate(load, {.beta0 = 1, .beta1 = 0.125, .beta2 = 0.25, .chunk_size = 8});
    // a: 8 | 2 (and b: 3) | decode | decode; then c
    REQUIRE(run.log.size() == 5);
    CHECK(run.log[0].prefill_tokens == 8);
    CHECK(run.log[0].t_end == 2);
    CHECK(run.log[1].prefill_tokens == 5);
    CHECK(run.log[1].t_end == 3.625);
    CHECK(run.log[2].decode_tokens == 1);
    CHECK(run.log[3].t_end == 6.125);
    CHECK(run.log[4].t_start == 9);
    REQUIRE(run.phases.size() == 4);
    CHECK(run.phases[0].request_id == "a");
    CHECK(run.phases[1].request_id == "b");
    CHECK(run.phases[1].t_start == 2);
    CHECK(run.phases[2].t_start == 3.625);
    CHECK(run.phases[2].decode_tokens == 2);
    CHECK(run.phases[3].t_end == 11);
    CHECK(run.makespan_seconds == 11);
    CHECK(run.busy_seconds == 8.125);
    CHECK(run.mean_batch == doctest::Approx(6.0 / 5));
}

TEST_CASE("whatever the limits, every token is served once and the log agrees with the phases") {
    kvt::random_stream stream{50, "limits"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const load = some_requests(stream, 12);
        step_engine engine = real;
        engine.chunk_size = static_cast<std::int64_t>(1 + stream.below(600));
        engine.max_running = static_cast<std::int64_t>(stream.below(5));
        engine.token_budget = static_cast<std::int64_t>(stream.below(2) * (1 + stream.below(800)));
        engine.first_token_in_prefill = stream.below(2) == 0;
        auto const run = simulate(load, engine);
        std::int64_t prompts = 0, decodes = 0, prefilled = 0, decoded = 0;
        for (auto const& r : load) {
            prompts += r.prompt_tokens;
            decodes += engine.first_token_in_prefill ? std::max<std::int64_t>(r.generated_tokens - 1, 0) : r.generated_tokens;
        }
        double last = load.front().arrival;
        for (auto const& s : run.log) {
            REQUIRE(s.t_start >= last);
            REQUIRE(s.t_end > s.t_start);
            if (engine.token_budget > 0 && s.prefill_tokens > 0)
                REQUIRE(s.prefill_tokens + s.decode_tokens <= std::max(engine.token_budget, s.decode_tokens));
            last = s.t_end, prefilled += s.prefill_tokens, decoded += s.decode_tokens;
        }
        REQUIRE(prefilled == prompts);
        REQUIRE(decoded == decodes);
        for (std::size_t i = 0; i < run.phases.size(); ++i) {
            auto const& p = run.phases[i];
            auto const [from, to] = run.phase_steps[i];
            REQUIRE(p.t_start == run.log[from].t_start);
            REQUIRE(p.t_end == run.log[to - 1].t_end);
            auto const steps = static_cast<double>(to - from);
            if (p.phase_type == phase_kind::decode) REQUIRE(steps == p.decode_tokens);
            else if (engine.token_budget == 0)
                REQUIRE(steps == std::ceil(p.prefill_tokens / static_cast<double>(engine.chunk_size)));
            else REQUIRE(steps >= std::ceil(p.prefill_tokens / static_cast<double>(engine.chunk_size)));
        }
    }
}

TEST_CASE("the fit on the log finds the true costs to rounding") {
    kvt::random_stream stream{51, "log"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto load = some_requests(stream, 20);
        for (int i = 0; i < 20; ++i) load.push_back({"x" + std::to_string(i), 100 + stream.unit() * 4, 700 + 100 * i, 20 + i});
        auto const fit = fit_on_log(simulate(load, real));
        REQUIRE(fit.rmse_seconds < 1e-12);
        REQUIRE(fit.beta.beta0 == doctest::Approx(real.beta0).epsilon(1e-7));
        REQUIRE(fit.beta.beta1 == doctest::Approx(real.beta1).epsilon(1e-7));
        REQUIRE(fit.beta.beta2 == doctest::Approx(real.beta2).epsilon(1e-7));
    }
}

TEST_CASE("noise draws as specified") {
    auto const run = simulate(std::vector<request>{{"a", 0, 3, 0}},
                              {.beta0 = 1, .chunk_size = 1, .noise_sigma = 0.5, .noise_seed = 12345});
    REQUIRE(run.log.size() == 3);
    double const z[] = {0.14969265397627943, 0.2259230337540872, -0.6183456617937152};
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(run.log[i].t_end - run.log[i].t_start == doctest::Approx(std::exp(0.5 * z[i] - 0.125)).epsilon(1e-14));
}

TEST_CASE("rounded times drop phases that become empty") {
    std::vector<request> const load{{"a", 0, 1, 2}, {"b", 10, 100000, 2}};
    auto engine = real;
    engine.time_quantum = 1;
    auto const run = simulate(load, engine);
    CHECK(run.dropped_phases == 3);
    CHECK(run.phases.size() == 1);
    CHECK(run.phase_steps.size() == 1);
}

TEST_CASE("what cannot be simulated is refused") {
    std::vector<request> const load{{"a", 0, 10, 3}};
    auto const refused = [&](step_engine const& engine) { return refusal([&] { (void)simulate(load, engine); }); };
    CHECK(holds(refused({.beta0 = -1}), "bad_option"));
    CHECK(holds(refused({.beta0 = 1, .chunk_size = 0}), "bad_option"));
    CHECK(holds(refused({.beta2 = 1}), "would take no time"));
    std::vector<request> bad{{"a", 0, 0, 3}};
    CHECK(holds(refusal([&] { (void)simulate(bad, real); }), "bad_request: prompt_tokens 0 of row 1"));
    bad[0] = {"a", 0, 1, -1};
    CHECK(holds(refusal([&] { (void)simulate(bad, real); }), "bad_request"));
    bad[0] = {"a", std::nan(""), 1, 1};
    CHECK(holds(refusal([&] { (void)simulate(bad, real); }), "bad_request: arrival of row 1"));
    CHECK(simulate({}, real).log.empty());
    CHECK(holds(refusal([&] { (void)at_speed(load, 0); }), "bad_option"));
    CHECK(at_speed(std::vector<request>{{"a", 3, 1, 1}}, 2)[0].arrival == 1.5);
}
