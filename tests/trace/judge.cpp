#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/trace/judge.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::trace;

namespace {

std::vector<request> bursts(int count, int size) {
    kvt::random_stream draw{3, "bursts"};
    std::vector<request> out;
    for (int b = 0; b < count; ++b)
        for (int i = 0; i < size; ++i)
            out.push_back({"q" + std::to_string(out.size()), b * 2.0 + 0.3 * draw.unit(),
                           static_cast<std::int64_t>(1 + draw.below(900)),
                           static_cast<std::int64_t>(1 + draw.below(80))});
    return out;
}
std::vector<logged_step> steps_of(simulation const& run) {
    std::vector<logged_step> out;
    for (auto const& s : run.log) out.push_back(logged(s));
    return out;
}
step_engine const real{.beta0 = 0.004, .beta1 = 4e-5, .beta2 = 1.5e-4, .chunk_size = 128};

}  // namespace

TEST_CASE("on an engine of constant costs the steps tell them, the phases nearly") {
    auto const run = simulate(bursts(40, 6), real);
    auto const steps = steps_of(run);
    auto const j = judge(table_of(run.phases), steps, {.chunk_size = 128}, baseline{}, iterative{});
    CHECK(j.logs.agree());
    CHECK(j.logs.loose_phases == 0);
    CHECK(j.logs.miscounted_phases == 0);
    CHECK(j.logs.steps == static_cast<std::int64_t>(run.log.size()));
    CHECK(j.step_seconds == doctest::Approx(run.busy_seconds));
    CHECK(std::abs(j.waiting_share) < 1e-12);
    for (auto const* found : {&j.on_steps, &j.on_phases}) {
        CHECK(found->beta.beta0 == doctest::Approx(0.004).epsilon(1e-9));
        CHECK(found->beta.beta1 == doctest::Approx(4e-5).epsilon(1e-9));
        CHECK(found->beta.beta2 == doctest::Approx(1.5e-4).epsilon(1e-9));
        CHECK(found->r2.value() == doctest::Approx(1));
    }
    REQUIRE(j.estimators.size() == 2);
    CHECK(j.estimators[0].estimator == "baseline");
    CHECK(std::abs(j.estimators[1].error0.value()) < 0.01);
    CHECK(std::abs(j.estimators[1].error1.value()) < 0.01);
    CHECK(std::abs(j.estimators[0].error1.value()) > std::abs(j.estimators[1].error1.value()));
    CHECK_FALSE(j.with_attention);
    CHECK(j.reasons.size() == 3);
}

TEST_CASE("a cost of attention shows in the residuals, and in a fit of its own") {
    auto const run = simulate(bursts(30, 5), real);
    auto steps = steps_of(run);
    kvt::random_stream draw{5, "attended"};
    double moved = 0;
    for (auto& s : steps) {
        s.prefill_attended = static_cast<double>(s.prefill_tokens) * 500 * draw.unit();
        s.decode_attended = static_cast<double>(s.decode_tokens) * 800 * draw.unit();
        double const more = 1e-7 * *s.prefill_attended + 4e-7 * *s.decode_attended;
        s.t_start += moved, moved += more, s.t_end += moved;
    }
    auto const plain = fit_log(steps), with = fit_log(steps, attention_cost::own);
    CHECK(plain.r2.value() < 0.999);
    CHECK(with.r2.value() == doctest::Approx(1));
    CHECK(with.per_prefill_attended.value() == doctest::Approx(1e-7).epsilon(1e-6));
    CHECK(with.per_decode_attended.value() == doctest::Approx(4e-7).epsilon(1e-6));
    CHECK(with.beta.beta1 == doctest::Approx(4e-5).epsilon(1e-6));
    auto const j = judge(table_of(run.phases), steps, {.chunk_size = 128}, iterative{});
    CHECK(j.residual_with_prefill_attended.value() > 0.2);
    CHECK(j.logs.loose_phases > 0);  // the phases are of the engine without that cost
    CHECK_FALSE(j.logs.agree());
    auto const says = [&](std::string const& words) {
        return std::ranges::any_of(j.reasons, [&](auto const& r) { return r.find(words) != r.npos; });
    };
    CHECK(says("do not tell of the same work"));
    CHECK(says("dearer with context"));
}

TEST_CASE("a token budget that binds shows as miscounted phases, a log cut short as missing tokens") {
    auto engine = real;
    engine.token_budget = 150;
    auto const run = simulate(bursts(20, 8), engine);
    auto steps = steps_of(run);
    auto const j = judge(table_of(run.phases), steps, {.chunk_size = 128}, baseline{});
    CHECK(j.logs.agree());
    CHECK(j.logs.miscounted_phases > 10);
    CHECK(j.on_phases.beta.beta0 == doctest::Approx(0.004).epsilon(1e-9));
    auto fewer = run.phases;
    fewer.resize(fewer.size() - 3);
    CHECK_FALSE(judge(table_of(fewer), steps, {.chunk_size = 128}, baseline{}).logs.agree());
    std::ranges::reverse(steps);  // order does not matter
    CHECK(judge(table_of(run.phases), steps, {.chunk_size = 128}, baseline{}).logs.agree());
    CHECK_THROWS_AS((void)fit_log({}), trace_error);
    CHECK_THROWS_AS((void)judge(table_of({}), steps, {.chunk_size = 128}, baseline{}), trace_error);
}
