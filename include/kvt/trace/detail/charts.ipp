// Definitions of trace/charts.hpp.
#pragma once

#include <kvt/trace/charts.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

/// A number for people's eyes: four digits.
inline std::string brief(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

}  // namespace detail

KVT_DECL report::chart pressure_chart(exposure const& trace, std::size_t pieces) {
    report::chart out{.title = "Pressure over time",
                      .subtitle = std::to_string(trace.rows.size()) + " phases, chunk size " +
                                  detail::brief(trace.rows.rule.chunk_size),
                      .x = {.label = "seconds since the first phase"},
                      .y = {.label = "requests at a time"}};
    double const begin = trace.grid.front(), span = trace.grid.back() - begin;
    auto const chunks = integral_of(trace, trace.prefill_pressure), decodes = integral_of(trace, trace.decode_pressure);
    report::chart_series prefill{.label = "prefills", .points = {}, .mark = report::series_mark::curve};
    report::chart_series decode{.label = "decodes", .points = {}, .mark = report::series_mark::curve};
    auto const until = [&](std::vector<double> const& sum, std::vector<double> const& density, double time) {
        auto const next = static_cast<std::size_t>(std::ranges::upper_bound(trace.grid, time) - trace.grid.begin());
        if (next == 0 || next == trace.grid.size()) return next == 0 ? 0.0 : sum.back();
        return sum[next - 1] + density[next - 1] * (time - trace.grid[next - 1]);
    };
    double const width = span / static_cast<double>(pieces), chunk = trace.rows.rule.chunk_size;
    for (std::size_t i = 0; i < pieces; ++i) {
        double const from = begin + width * static_cast<double>(i),
                     to = i + 1 == pieces ? trace.grid.back() : from + width;
        double const x = (from + to) / 2 - begin;
        auto const average = [&](std::vector<double> const& sum, std::vector<double> const& density) {
            return (until(sum, density, to) - until(sum, density, from)) / (to - from);
        };
        prefill.points.push_back({x, average(chunks, trace.prefill_pressure) / chunk});
        decode.points.push_back({x, average(decodes, trace.decode_pressure)});
    }
    out.series = {std::move(prefill), std::move(decode)};
    return out;
}

KVT_DECL report::chart fit_chart(exposure const& trace, coefficients const& beta, reweighting const& features,
                                 std::size_t points) {
    report::chart out{.title = "Predicted against observed durations",
                      .subtitle = "beta0 " + detail::brief(beta.beta0) + " s/step, beta1 " + detail::brief(beta.beta1) +
                                  " s/token, beta2 " + detail::brief(beta.beta2) + " s/token",
                      .x = {.label = "observed, seconds", .scale = report::axis_scale::logarithmic},
                      .y = {.label = "predicted, seconds", .scale = report::axis_scale::logarithmic}};
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (auto const kind : {phase_kind::prefill, phase_kind::decode}) {
        auto const count = static_cast<std::size_t>(std::ranges::count(trace.rows.kind, kind));
        std::size_t const stride = std::max<std::size_t>(1, (count + points - 1) / points);
        report::chart_series series{.label = std::string{name_of(kind)} +
                                             (stride > 1 ? ", one in " + std::to_string(stride) : ""),
                                    .points = {},
                                    .mark = report::series_mark::points};
        std::size_t seen = 0;
        for (std::size_t i = 0; i < trace.rows.size(); ++i) {
            if (trace.rows.kind[i] != kind || seen++ % stride != 0) continue;
            double const y = trace.rows.duration[i];
            double const told = beta.seconds(trace.rows.steps[i], features.prefill[i], features.decode[i]);
            if (!(told > 0)) continue;  // no place on a logarithmic axis
            series.points.push_back({y, told});
            low = std::min({low, y, told}), high = std::max({high, y, told});
        }
        if (!series.points.empty()) out.series.push_back(std::move(series));
    }
    if (high > 0) {
        // gnuplot's own ends of a logarithmic axis are powers of ten; both axes get the same ones
        double const from = std::pow(10, std::floor(std::log10(low))), to = std::pow(10, std::ceil(std::log10(high)));
        out.x.low = out.y.low = from, out.x.high = out.y.high = std::max(to, 10 * from);
        out.series.push_back({.label = "equal",
                              .points = {{from, from}, {*out.x.high, *out.x.high}},
                              .mark = report::series_mark::curve});
    }
    return out;
}

KVT_DECL report::chart history_chart(iterative_estimate const& found) {
    report::chart out{.title = "Coefficients from iteration to iteration",
                      .subtitle = (found.converged ? "converged after " : "not converged after ") +
                                  std::to_string(found.n_outer_iters) + " iterations",
                      .x = {.label = "iteration"},
                      .y = {.label = "share of the last value"}};
    constexpr std::array names{"beta0", "beta1", "beta2"};
    for (std::size_t k = 0; k < names.size(); ++k) {
        double const last = found.history.beta.back()[k];
        if (last == 0) continue;  // no share of nothing
        report::chart_series series{.label = std::string{names[k]} + ", at last " + detail::brief(last),
                                    .points = {},
                                    .mark = report::series_mark::curve};
        for (std::size_t i = 0; i < found.history.beta.size(); ++i)
            series.points.push_back({static_cast<double>(i), found.history.beta[i][k] / last});
        out.series.push_back(std::move(series));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
