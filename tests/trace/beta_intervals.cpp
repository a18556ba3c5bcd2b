#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/trace/load.hpp>
#include <kvt/trace/simulate.hpp>
#include <kvt/trace/beta_intervals.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::trace;

namespace {

step_engine const engine{.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4, .noise_sigma = 0.05, .noise_seed = 3};

exposure seen(synthetic_load const& load, step_engine const& e = engine) {
    return traces::exposed(simulate(requests_of(load), e).phases, 512);
}

}  // namespace

TEST_CASE("blocks are busy periods, and long ones are cut") {
    std::vector<phase> rows;
    for (int period = 0; period < 6; ++period)
        for (int i = 0; i < 3; ++i)
            rows.push_back({std::to_string(period) + "." + std::to_string(i), phase_kind::decode, period * 10.0 + i,
                            period * 10.0 + i + 2, 0, 20});
    auto const apart = blocks_of(traces::exposed(rows), 6);
    CHECK(apart.busy_periods == 6);
    CHECK(apart.count == 6);
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(apart.of_row[i] == i / 3);

    rows.clear();
    for (int i = 0; i < 400; ++i) rows.push_back({std::to_string(i), phase_kind::decode, i * 1.0, i + 1.5, 0, 20});
    auto const whole = blocks_of(traces::exposed(rows), 40);
    CHECK(whole.busy_periods == 1);
    CHECK(whole.count == 40);
    std::vector<int> sizes(whole.count);
    for (auto const b : whole.of_row) ++sizes[b];
    CHECK(*std::ranges::min_element(sizes) >= 9);
    CHECK(*std::ranges::max_element(sizes) <= 11);
    CHECK(std::ranges::is_sorted(whole.of_row));
}

TEST_CASE("intervals hold the estimate, narrow with more data and are the same every time") {
    synthetic_load load{.requests = 400, .rate = 1.5, .prompt_median = 2000};
    auto const few = seen(load);
    load.requests = 3200;
    auto const many = seen(load);
    iterative const method;
    auto const a = method(few), b = method(many);
    auto const x = block_bootstrap{}(few, method, a), y = block_bootstrap{}(many, method, b);
    REQUIRE(x.low.size() == 3);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(x.low[c] <= a.beta.all()[c]);
        CHECK(a.beta.all()[c] <= x.high[c]);
        CHECK(y.high[c] - y.low[c] < 0.7 * (x.high[c] - x.low[c]));
    }
    CHECK(kvt::dump(kvt::to_json(block_bootstrap{}(few, method, a))) == kvt::dump(kvt::to_json(x)));
    CHECK(x.replicates.size() == 1000);
    auto const wide = block_bootstrap{.alpha = 0.01}(few, method, a);
    for (std::size_t c = 0; c < 3; ++c) CHECK(wide.high[c] - wide.low[c] > x.high[c] - x.low[c]);
}

TEST_CASE("replicates to first order are close to those of iterating anew") {
    // Every period twice against once: the same weights, given to the estimator as rows.
    auto const run = simulate(requests_of({.requests = 300, .rate = 0.4, .prompt_median = 2000}), engine);
    auto const x = traces::exposed(run.phases, 512);
    auto const blocks = blocks_of(x, 2);
    REQUIRE(blocks.busy_periods > 20);
    iterative const method;
    auto const found = method(x);
    auto const sure = block_bootstrap{.resamples = 200, .pieces = 2}(x, method, found);
    kvt::random_stream draws{1337, "trace blocks"};
    double worst = 0, spread = 0;
    for (std::size_t r = 0; r < 20; ++r) {
        std::vector<phase> rows;
        for (std::size_t k = 0; k < blocks.count; ++k) {
            auto const block = draws.below(blocks.count);
            for (std::size_t i = 0; i < run.phases.size(); ++i) {
                if (blocks.of_row[i] != block) continue;
                auto p = run.phases[i];
                p.request_id += "/" + std::to_string(k);
                p.t_start += 4096.0 * static_cast<double>(k), p.t_end += 4096.0 * static_cast<double>(k);
                rows.push_back(p);
            }
        }
        auto const anew = method(traces::exposed(rows, 512)).beta.all();
        for (std::size_t c = 0; c < 3; ++c) {
            double const wide = sure.high[c] - sure.low[c];
            worst = std::max(worst, std::abs(anew[c] - sure.replicates[r].all()[c]) / wide);
            spread = std::max(spread, std::abs(anew[c] - found.beta.all()[c]) / wide);
        }
    }
    CHECK(spread > 0.2);  // the replicates do differ from the estimate
    CHECK(worst < 0.05);  // and the short cut finds them
}

TEST_CASE("without noise the interval is what the iteration had still to go") {
    auto exact = engine;
    exact.noise_sigma = 0;
    auto const x = seen({.requests = 400, .rate = 1.5, .prompt_median = 2000}, exact);
    auto const found = iterative{}(x);
    auto const sure = block_bootstrap{}(x, iterative{}, found);
    auto const truth = exact.beta().all();
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(sure.low[c] <= truth[c]);
        CHECK(truth[c] <= sure.high[c]);
        CHECK(sure.high[c] - sure.low[c] < 1e-3 * truth[c]);
    }
}

TEST_CASE("too little to resample gives no interval, and impossible settings are refused") {
    auto const x = traces::exposed(traces::four_phases());
    auto const sure = block_bootstrap{}(x, baseline{}, baseline{}(x));
    CHECK(sure.low.empty());
    CHECK(sure.resamples == 0);
    for (auto const& bad : {block_bootstrap{.resamples = 1}, block_bootstrap{.alpha = 0}, block_bootstrap{.alpha = 1},
                            block_bootstrap{.pieces = 1}})
        CHECK(holds(refusal([&] { bad.check(); }), "bad_option"));
}
