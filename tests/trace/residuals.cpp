#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/load.hpp>
#include <kvt/trace/residuals.hpp>
#include <kvt/trace/simulate.hpp>

#include <cmath>

using namespace kvt::trace;

namespace {
step_engine const engine{.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4, .noise_sigma = 0.02, .noise_seed = 3};
}

TEST_CASE("a stalled phase is found and named") {
    auto rows = simulate(requests_of({.requests = 300, .rate = 0.2, .prompt_median = 2000}), engine).phases;
    std::size_t const stalled = 77;
    rows[stalled].t_end += 0.9;
    auto const x = traces::exposed(rows, 512);
    iterative const method;
    auto const found = method(x);
    auto const report = residuals_of(x, predicted(x, method, found));
    REQUIRE(report.missed >= 1);
    CHECK(report.worst[0].request_id == rows[stalled].request_id);
    CHECK(report.worst[0].observed_seconds == doctest::Approx(rows[stalled].t_end - rows[stalled].t_start));
    CHECK(report.worst[0].predicted_seconds < report.worst[0].observed_seconds - 0.5);
    CHECK(report.worst[0].deviations > 5);
}

TEST_CASE("figures by kind are those of their definitions, and rounding is no miss") {
    auto exact = engine;
    exact.noise_sigma = 0;
    auto const x = traces::exposed(simulate(requests_of({.requests = 200, .rate = 1}), exact).phases, 512);
    iterative const method;
    auto const found = method(x);
    auto const y = predicted(x, method, found);
    auto const report = residuals_of(x, y);
    CHECK(report.missed == 0);
    REQUIRE(report.kinds.size() == 2);
    CHECK(report.kinds[0].phases + report.kinds[1].phases == static_cast<std::int64_t>(x.rows.size()));
    CHECK(report.kinds[0].share_of_squares + report.kinds[1].share_of_squares < 1);  // the rest lies between the kinds
    for (auto const& k : report.kinds) {
        CHECK(k.mean_ratio == doctest::Approx(1).epsilon(1e-4));
        CHECK(*k.r2 > 0.9999);
    }
}

TEST_CASE("a high r2 that hides a wrong coefficient is explained; an honest one is not blamed") {
    auto const x =
        traces::exposed(simulate(requests_of({.requests = 800, .rate = 2, .prompt_median = 600}), engine).phases, 512);
    baseline const simple;
    auto const a = simple(x);
    REQUIRE(*a.diagnostics.r2 > 0.99);
    REQUIRE(a.beta.beta1 < 0.6 * engine.beta1);  // far off, and r2 does not show it
    auto const why = hidden_by_r2(residuals_of(x, predicted(x, simple, a)), a.diagnostics.r2);
    REQUIRE(why);
    CHECK(holds(*why, "lies in prefill phases"));
    iterative const method;
    auto const b = method(x);
    CHECK_FALSE(hidden_by_r2(residuals_of(x, predicted(x, method, b)), b.diagnostics.final_r2));
    CHECK_FALSE(hidden_by_r2(residuals_of(x, predicted(x, simple, a)), 0.5));
}
