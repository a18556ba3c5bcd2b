#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/trace/load.hpp>
#include <kvt/trace/recover.hpp>

#include <cmath>

using namespace kvt::trace;

namespace {

// Requests in bursts: a gap, then several at nearly the same time; lengths spread over three octaves.
std::vector<request> load(std::string_view label, std::size_t count, double burst, double gap) {
    kvt::random_stream stream{60, label};
    std::vector<request> out;
    double now = 0;
    for (std::size_t i = 0; i < count; ++i) {
        now += stream.unit() < 1 / burst ? -gap * burst * std::log(1 - stream.unit()) : 0.01 * stream.unit();
        auto const spread = [&](double most) { return static_cast<std::int64_t>(most * std::exp2(-4 * stream.unit())); };
        out.push_back({"q" + std::to_string(i), now, 1 + spread(4000), 1 + spread(400)});
    }
    return out;
}

step_engine const engine{.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4};

}  // namespace

TEST_CASE("the robust preset finds every cost within one per cent, from calm to bursty loads") {
    struct {
        char const* name;
        double burst, gap;
    } const loads[] = {{"calm", 1, 0.5}, {"steady", 1, 0.2}, {"busy", 1, 0.1}, {"bursts", 4, 0.4}, {"large bursts", 12, 0.4},
                       {"crowded bursts", 12, 0.2}};
    for (auto const& l : loads) {
        INFO(l.name);
        auto const found = recover(load(l.name, 1200, l.burst, l.gap), engine, baseline{}, iterative{});
        CHECK(found.on_log.beta1 == doctest::Approx(engine.beta1).epsilon(1e-7));
        REQUIRE(found.estimators.size() == 2);
        auto const& robust = found.estimators[1];
        INFO("mean batch ", found.mean_batch, ", busy ", found.busy_fraction, ", errors ", *robust.error0, " ", *robust.error1,
             " ", *robust.error2);
        CHECK(std::abs(*robust.error0) < 0.01);
        CHECK(std::abs(*robust.error1) < 0.01);
        CHECK(std::abs(*robust.error2) < 0.01);
        CHECK(std::abs(*found.estimators[0].error1) > 0.1);  // the baseline is far off, whatever its r2
    }
}

TEST_CASE("damped pressures find costs that undamped ones miss: short prompts in large chunks") {
    for (auto const& [name, load] : standard_loads(800)) {
        INFO(name);
        auto const found = recover(requests_of(load), engine, iterative{}, iterative{.pressure_damping = 1});
        auto const &damped = found.estimators[0], &swinging = found.estimators[1];
        CHECK(*damped.converged);
        for (auto const error : {damped.error0, damped.error1, damped.error2}) CHECK(std::abs(*error) < 1e-3);
        if (name == "agents") CHECK(std::abs(*swinging.error1) > 0.1);
    }
}

TEST_CASE("a recovery says what was simulated") {
    auto const found = recover(load("short", 60, 1, 0.2), engine, iterative{.max_outer_iters = 5});
    CHECK(found.truth == engine.beta());
    CHECK(found.estimators.at(0).estimator == "iterative");
    CHECK(found.estimators[0].iterations == 5);
    CHECK(found.estimators[0].converged == false);
    CHECK(found.phases == 120);
    CHECK(found.busy_fraction > 0);
    CHECK(found.busy_fraction <= 1);
    auto free = engine;
    free.beta2 = 0;
    CHECK_FALSE(recover(load("short", 60, 1, 0.2), free, baseline{}).estimators[0].error2);
}
