#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/describe.hpp>
#include <kvt/trace/simulate.hpp>

#include <cmath>

using namespace kvt::trace;
using traces::exposed;

TEST_CASE("the published figures of the four phases, to every printed digit") {
    CHECK(describe(baseline{}(exposed(traces::four_phases()))) ==
          "Estimated betas (baseline):\n"
          "  beta0 (sec/step):  0.000000\n"
          "  beta1 (sec/token): 0.014338\n"
          "  beta2 (sec/token): 0.515229\n"
          "\n"
          "Diagnostics:\n"
          "  n_phases: 4.0\n"
          "  r2: 0.8517629407351839\n"
          "  rmse_seconds: 0.33343334333658375\n"
          "  mean_duration_seconds: 2.5\n"
          "  mean_steps: 2.25\n"
          "  mean_A_pf_tokens: 76.0\n"
          "  mean_A_dec_tokens: 2.625\n");
}

TEST_CASE("an iterative estimate says whether it converged, and what a trace cannot tell") {
    auto const text = describe(iterative{.max_outer_iters = 3}(exposed(traces::four_phases())));
    CHECK(holds(text, "Estimated betas (iterative):\n"));
    CHECK(holds(text, "  converged: false\n  n_outer_iters: 3.0\n  tol: 1e-09\n  damping_eta: 0.2\n"));
    auto const alone = describe(baseline{}(exposed({{"a", phase_kind::decode, 0, 1.5, 0, 6}})));
    CHECK(holds(alone, "  r2: nan\n"));
    CHECK(holds(alone, "The trace cannot tell: beta0 beta1 beta2 (rank 1 of 3)"));
}

TEST_CASE("advice follows what the estimates say of themselves") {
    auto const of = [](exposure const& x, iterative const& method) { return which_to_trust(baseline{}(x), method(x)); };
    kvt::random_stream stream{70, "advice"};
    std::vector<request> load;
    double now = 0;
    for (int i = 0; i < 600; ++i) {
        now += -0.2 * std::log(1 - stream.unit());
        load.push_back({"q" + std::to_string(i), now, static_cast<std::int64_t>(1 + stream.below(3000)),
                        static_cast<std::int64_t>(2 + stream.below(300))});
    }
    auto const x = exposed(simulate(load, {.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4}).phases, 512);
    CHECK(of(x, {}).use == trusted::iterative);
    CHECK(holds(of(x, {}).reason, "explains durations no worse"));
    auto const early = of(x, {.max_outer_iters = 1});
    CHECK(early.use == trusted::neither);
    CHECK(holds(early.reason, "has not settled"));
    auto const alone = of(exposed({{"a", phase_kind::decode, 0, 1.5, 0, 6}}), {});
    CHECK(alone.use == trusted::neither);
    CHECK(holds(alone.reason, "other values of beta0, beta1, beta2"));
}
