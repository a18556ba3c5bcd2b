// Definitions of trace/predict.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/quantile.hpp>
#include <kvt/trace/predict.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL void uncertainty::check() const {
    auto const refuse = [](std::string problem, std::string expected) {
        throw trace_error{fault::bad_option, std::move(problem), std::move(expected)};
    };
    if (!(noise_sigma >= 0) || !std::isfinite(noise_sigma))
        refuse("noise_sigma " + shortest(noise_sigma), "at least 0");
    if (replicates < 0) refuse("replicates " + std::to_string(replicates), "at least 0");
    if (!(level > 0 && level < 1)) refuse("level " + shortest(level), "between 0 and 1");
}
KVT_DECL std::int64_t uncertainty::runs() const {
    if (betas.empty() && noise_sigma == 0) return 0;
    if (replicates > 0) return replicates;
    return betas.empty() ? 100 : static_cast<std::int64_t>(betas.size());
}

KVT_DECL step_engine engine_of(scenario const& how, step_engine base) {
    base.chunk_size = how.chunk_size, base.max_running = how.max_running, base.token_budget = how.token_budget;
    return base;
}

KVT_DECL prediction predict(std::span<request const> requests, step_engine const& base, scenario const& how,
                            service_goal const& goal, uncertainty const& unsure) {
    unsure.check();
    auto const load = at_speed(requests, how.speed);
    auto const engine = engine_of(how, base);
    auto const once = [&](step_engine const& e) { return service_of(simulate(load, e), load, e, goal); };
    prediction out{.scenario = how, .service = once(engine), .replicates = unsure.runs()};
    random_stream const seeds{unsure.seed, "predict"};
    std::array<std::vector<double>, service_figures> seen;
    for (std::int64_t i = 0; i < out.replicates; ++i) {
        auto other = engine;
        if (!unsure.betas.empty()) {
            auto const& b = unsure.betas[static_cast<std::size_t>(i) % unsure.betas.size()];
            other.beta0 = b.beta0, other.beta1 = b.beta1, other.beta2 = b.beta2;
        }
        other.noise_sigma = unsure.noise_sigma, other.noise_seed = seeds.peek(static_cast<std::uint64_t>(i));
        auto again = once(other);
        auto const figures = figures_of(again);
        for (std::size_t k = 0; k < figures.size(); ++k)
            if (figures[k]->value) seen[k].push_back(*figures[k]->value);
    }
    auto const figures = figures_of(out.service);
    for (std::size_t k = 0; k < figures.size(); ++k) {
        if (!figures[k]->value || seen[k].empty()) continue;
        std::ranges::sort(seen[k]);
        double const tail = (1 - unsure.level) / 2;
        figures[k]->low = std::min(*figures[k]->value, *numeric::percentile_sorted(seen[k], tail));
        figures[k]->high = std::max(*figures[k]->value, *numeric::percentile_sorted(seen[k], 1 - tail));
    }
    return out;
}

KVT_DECL double step_noise(exposure const& trace, coefficients const& beta, chunk_correction how) {
    auto const work = settled_features(trace, beta, how);
    std::vector<double> squares;
    for (std::size_t i = 0; i < trace.rows.size(); ++i) {
        double const n = trace.rows.steps[i], y = trace.rows.duration[i];
        double const e = beta.seconds(n, work.prefill[i], work.decode[i]) - y;
        if (n > 0) squares.push_back(n * e * e / (y * y));
    }
    if (squares.empty()) return 0;
    std::ranges::sort(squares);
    constexpr double median_of_square = 0.45493642311957286;  // of a standard normal number
    return std::sqrt(std::log1p(*numeric::percentile_sorted(squares, 0.5) / median_of_square));
}

}  // namespace kvt::inline KVT_ABI::trace
