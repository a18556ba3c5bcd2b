// Definitions of trace/load.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/trace/load.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL void synthetic_load::check() const {
    auto const positive = [](char const* name, double value) {
        if (!(value > 0) || !std::isfinite(value))
            throw trace_error{fault::bad_option, std::string{name} + " " + shortest(value), "a number above 0"};
    };
    positive("rate", rate), positive("arrival_shape", arrival_shape);
    positive("prompt_median", prompt_median), positive("output_median", output_median);
    for (double const spread : {prompt_spread, output_spread})
        if (!(spread >= 0) || !std::isfinite(spread))
            throw trace_error{fault::bad_option, "spread " + shortest(spread), "a number not below 0"};
    if (requests < 1) throw trace_error{fault::bad_option, "requests " + std::to_string(requests), "at least 1"};
    if (longest < 1) throw trace_error{fault::bad_option, "longest " + std::to_string(longest), "at least 1"};
}

KVT_DECL std::vector<request> requests_of(synthetic_load const& load) {
    load.check();
    random_stream draws{load.seed, "load"};
    double const mean_gap = std::tgamma(1 + 1 / load.arrival_shape);
    auto const tokens = [&](double median, double spread, double z) {
        return static_cast<std::int64_t>(
            std::clamp(std::round(median * std::exp(spread * z)), 1.0, static_cast<double>(load.longest)));
    };
    std::vector<request> out(static_cast<std::size_t>(load.requests));
    double clock = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        double const gap = std::pow(-std::log1p(-draws.unit()), 1 / load.arrival_shape) / mean_gap / load.rate;
        double const radius = std::sqrt(-2 * std::log1p(-draws.unit())), angle = 2 * std::numbers::pi * draws.unit();
        draws.skip(1);
        if (i > 0) clock += gap;
        out[i] = {"q" + std::to_string(i), clock,
                  tokens(load.prompt_median, load.prompt_spread, radius * std::cos(angle)),
                  tokens(load.output_median, load.output_spread, radius * std::sin(angle))};
    }
    return out;
}

KVT_DECL std::vector<named_load> standard_loads(std::int64_t requests) {
    auto const load = [&](double rate, double shape, double prompt, double prompt_spread, double output,
                          double output_spread) {
        return synthetic_load{.requests = requests,
                              .rate = rate,
                              .arrival_shape = shape,
                              .prompt_median = prompt,
                              .prompt_spread = prompt_spread,
                              .output_median = output,
                              .output_spread = output_spread};
    };
    return {{"chat", load(2, 1, 600, 1.0, 180, 0.7)},    {"busy_chat", load(6, 1, 600, 1.0, 180, 0.7)},
            {"code", load(2, 0.4, 1500, 0.9, 20, 0.9)},  {"documents", load(0.8, 1, 6000, 0.6, 120, 0.6)},
            {"agents", load(8, 0.6, 250, 0.6, 60, 0.8)}, {"flood", load(20, 0.25, 400, 0.5, 100, 0.5)}};
}

}  // namespace kvt::inline KVT_ABI::trace
