#include "support/refusal.hpp"
#include "trace/loads.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/held_out.hpp>

using namespace kvt::trace;

namespace {

phases shown_by(std::vector<request> const& load, step_engine const& engine) {
    return check_trace(table_of(simulate(load, engine).phases), {.chunk_size = static_cast<double>(engine.chunk_size)},
                       prompt_use::needed);
}

}  // namespace

TEST_CASE("the held-out part of a simulated engine is predicted") {
    auto const load = traces::poisson_load(11, 1500, 7);
    auto const r = predict_held_out(load, shown_by(load, traces::usual_engine), traces::usual_engine, 0.3);
    CHECK(r.held_out_requests == 450);
    CHECK(r.compared_requests > 440);
    CHECK(r.fitted_phases < 2 * 1050);
    CHECK(r.fitted_phases > 1900);
    CHECK(r.beta.beta0 == doctest::Approx(0.008).epsilon(0.02));
    REQUIRE(r.figures.size() == 10);
    for (auto const& f : r.figures) {
        INFO(f.name);
        REQUIRE(f.error);
        CHECK(std::abs(*f.error) < 0.05);
        CHECK(*f.predicted == doctest::Approx(*f.shown * (1 + *f.error)));
    }
    CHECK(*r.median_ttft_error < 0.05);
}

TEST_CASE("with the very costs of the engine nothing is off") {
    // A trace of a chunk of 1 at one token a step: the estimate is exact, so is the replay.
    std::vector<request> load;
    for (int i = 0; i < 40; ++i) load.push_back({"q" + std::to_string(i), 10.0 * i, 1 + i % 3, 2 + i % 4});
    step_engine const engine{.beta0 = 0.5, .chunk_size = 1};
    auto const r = predict_held_out(load, shown_by(load, engine), engine, 0.5);
    for (auto const& f : r.figures) CHECK(std::abs(*f.error) < 1e-6);
}

TEST_CASE("where the first token comes from a decode step its time is not in the trace") {
    auto const load = traces::poisson_load(12, 400, 5);
    auto engine = traces::usual_engine;
    engine.first_token_in_prefill = false;
    auto const r = predict_held_out(load, shown_by(load, engine), engine, 0.25);
    CHECK_FALSE(r.figures[0].shown);
    CHECK(r.figures[5].shown);
    CHECK_FALSE(r.median_ttft_error);
}

TEST_CASE("other clocks, other requests and empty parts are refused") {
    auto const load = traces::poisson_load(13, 60, 5);
    auto const shown = shown_by(load, traces::usual_engine);
    auto const refused = [&](std::vector<request> const& requests, double share) {
        return refusal([&] { (void)predict_held_out(requests, shown, traces::usual_engine, share); });
    };
    CHECK(holds(refused(load, 0), "bad_option: held-out share"));
    CHECK(holds(refused(load, 0.001), "leaves nothing"));
    auto later = load, renamed = load;
    for (auto& r : later) r.arrival += 5;
    for (auto& r : renamed) r.request_id += "x";
    CHECK(holds(refused(later, 0.3), "begin before their request arrives"));
    CHECK(holds(refused(renamed, 0.3), "are not among the requests"));
    CHECK(holds(refused(load, 0.98), "fewer than 3 phases"));
}
