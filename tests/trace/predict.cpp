#include "support/refusal.hpp"
#include "trace/loads.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/trace/predict.hpp>

using namespace kvt::trace;

TEST_CASE("without a source of doubt a prediction is the simulation itself") {
    auto const load = traces::poisson_load(1, 100, 5);
    auto const p = predict(load, traces::usual_engine, {.speed = 2, .chunk_size = 256, .max_running = 16});
    CHECK(p.replicates == 0);
    auto engine = traces::usual_engine;
    engine.chunk_size = 256, engine.max_running = 16;
    auto const fast = at_speed(load, 2);
    auto const s = service_of(simulate(fast, engine), fast, engine);
    CHECK(kvt::dump(kvt::to_json(p.service)) == kvt::dump(kvt::to_json(s)));
    CHECK_FALSE(p.service.ttft.p50.low);
}

TEST_CASE("more load is slower to the first token, and goodput falls") {
    auto const load = traces::poisson_load(2, 300, 3);
    service_goal const goal{.ttft = 0.5};
    double before = 0, good = 2;
    for (double const speed : {0.5, 4.0, 40.0}) {
        auto const s = predict(load, traces::usual_engine, {.speed = speed}, goal).service;
        CHECK(*s.ttft.p95.value > before);
        CHECK(*s.good_share.value <= good);
        before = *s.ttft.p95.value, good = *s.good_share.value;
    }
    CHECK(good < 0.5);
}

TEST_CASE("intervals hold the value, are wider for more noise, and the same in every run") {
    auto const load = traces::poisson_load(3, 80, 4);
    double width = 0;
    for (double const sigma : {0.02, 0.2}) {
        uncertainty const unsure{.noise_sigma = sigma, .replicates = 40};
        auto p = predict(load, traces::usual_engine, {}, {}, unsure);
        CHECK(p.replicates == 40);
        for (auto const* f : figures_of(p.service)) {
            REQUIRE(f->low);
            CHECK(*f->low <= *f->value);
            CHECK(*f->value <= *f->high);
        }
        double const w = *p.service.ttft.p50.high - *p.service.ttft.p50.low;
        CHECK(w > width);
        width = w;
        CHECK(kvt::dump(kvt::to_json(p)) ==
              kvt::dump(kvt::to_json(predict(load, traces::usual_engine, {}, {}, unsure))));
    }
}

TEST_CASE("replicates of the costs make intervals") {
    auto const load = traces::poisson_load(4, 60, 4);
    uncertainty unsure;
    for (int i = -10; i <= 10; ++i) unsure.betas.push_back({0.008 * (1 + 0.01 * i), 4e-5, 1.5e-4});
    auto const p = predict(load, traces::usual_engine, {}, {}, unsure);
    CHECK(p.replicates == 21);
    auto slow = traces::usual_engine;
    slow.beta0 *= 1.1;
    CHECK(*p.service.tpot.p50.high <= *predict(load, slow, {}).service.tpot.p50.value);
    CHECK(*p.service.tpot.p50.high > *p.service.tpot.p50.value);
    CHECK(*p.service.tpot.p50.low < *p.service.tpot.p50.value);
}

TEST_CASE("the noise of steps is found in the residuals") {
    for (double const sigma : {0.05, 0.2}) {
        auto engine = traces::usual_engine;
        engine.noise_sigma = sigma, engine.noise_seed = 9;
        auto const run = simulate(traces::poisson_load(5, 1500, 6), engine);
        auto const x = traces::exposed(run.phases, 512);
        CHECK(step_noise(x, engine.beta(), chunk_correction::beta_informed) == doctest::Approx(sigma).epsilon(0.35));
    }
    auto const quiet = simulate(traces::poisson_load(5, 1500, 6), traces::usual_engine);
    CHECK(step_noise(traces::exposed(quiet.phases, 512), traces::usual_engine.beta(), chunk_correction::beta_informed) <
          0.05);
}

TEST_CASE("what cannot be predicted is refused") {
    auto const load = traces::poisson_load(6, 5, 4);
    auto const refused = [&](scenario const& how, uncertainty const& unsure) {
        return refusal([&] { (void)predict(load, traces::usual_engine, how, {}, unsure); });
    };
    CHECK(holds(refused({.speed = 0}, {}), "bad_option: speed"));
    CHECK(holds(refused({.chunk_size = 0}, {}), "bad_option: chunk_size 0"));
    CHECK(holds(refused({}, {.noise_sigma = -1}), "bad_option: noise_sigma"));
    CHECK(holds(refused({}, {.level = 1}), "bad_option: level"));
    CHECK(holds(refused({}, {.replicates = -1}), "bad_option: replicates"));
}
