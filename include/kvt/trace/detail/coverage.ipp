// Definitions of trace/coverage.hpp.
#pragma once

#include <kvt/trace/coverage.hpp>

#include <array>
#include <cmath>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL coverage measure_coverage(named_load const& load, step_engine const& engine, std::int64_t simulations,
                                   iterative const& how, block_bootstrap const& intervals,
                                   exec::executor_view executor) {
    if (simulations < 1)
        throw trace_error{fault::bad_option, "simulations " + std::to_string(simulations), "at least 1"};
    struct answer {
        std::array<double, 3> beta{};
        std::vector<double> low{}, high{};
    };
    std::vector<answer> answers(static_cast<std::size_t>(simulations));
    executor.parallel_for(answers.size(), [&](std::size_t i) {
        auto own = load.load;
        own.seed += static_cast<std::int64_t>(i);
        auto noisy = engine;
        noisy.noise_seed += i;
        auto const run = simulate(requests_of(own), noisy);
        auto const seen = expose_trace(check_trace(
            table_of(run.phases), {.chunk_size = static_cast<double>(engine.chunk_size)}, prompt_use::needed));
        auto const found = how(seen);
        auto sure = intervals(seen, how, found);
        answers[i] = {found.beta.all(), std::move(sure.low), std::move(sure.high)};
    });
    auto const truth = engine.beta().all();
    coverage out{.load = load.name,
                 .simulations = simulations,
                 .level = 1 - intervals.alpha,
                 .held = {0, 0, 0},
                 .half_width = {0, 0, 0},
                 .bias = {0, 0, 0},
                 .spread = {0, 0, 0}};
    for (auto const& a : answers) out.without_interval += a.low.empty();
    double const all = static_cast<double>(simulations), with = all - static_cast<double>(out.without_interval);
    for (std::size_t c = 0; c < 3; ++c) {
        double const unit = truth[c] > 0 ? truth[c] : 1;
        for (auto const& a : answers) {
            out.bias[c] += (a.beta[c] - truth[c]) / unit / all;
            if (a.low.empty()) continue;
            out.held[c] += (a.low[c] <= truth[c] && truth[c] <= a.high[c]) / with;
            out.half_width[c] += (a.high[c] - a.low[c]) / 2 / unit / with;
        }
        for (auto const& a : answers) {
            double const off = (a.beta[c] - truth[c]) / unit - out.bias[c];
            out.spread[c] += off * off / all;
        }
        out.spread[c] = std::sqrt(out.spread[c]);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
