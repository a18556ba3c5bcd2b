// Definitions of trace/held_out.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/numeric/quantile.hpp>
#include <kvt/trace/held_out.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

/// The rows that had ended by `time`.
inline phases rows_until(phases const& all, double time) {
    phases out{.rule = all.rule};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!(all.t_end[i] <= time)) continue;
        out.kind.push_back(all.kind[i]);
        out.t_start.push_back(all.t_start[i]), out.t_end.push_back(all.t_end[i]);
        out.steps.push_back(all.steps[i]), out.duration.push_back(all.duration[i]), out.tokens.push_back(all.tokens[i]);
        out.request_id.push_back(all.request_id[i]);
    }
    return out;
}

/// What the trace shows of each request's times.
inline std::vector<request_times> shown_times(std::span<request const> requests, phases const& rows,
                                              step_engine const& engine) {
    std::unordered_map<std::string_view, std::size_t> place;
    for (std::size_t i = 0; i < requests.size(); ++i) place.emplace(requests[i].request_id, i);
    std::vector<request_times> out(requests.size());
    std::size_t known = 0, early = 0;
    constexpr double slack = 0.05;  // seconds of rounding that logs may have
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const found = place.find(rows.request_id[i]);
        if (found == place.end()) continue;
        double const arrival = requests[found->second].arrival;
        ++known, early += rows.t_start[i] < arrival - slack;
        auto& times = out[found->second];
        if (rows.kind[i] == phase_kind::decode) {
            if (rows.steps[i] > 0) times.tpot = (rows.t_end[i] - rows.t_start[i]) / rows.steps[i];
        } else if (engine.first_token_in_prefill) times.ttft = rows.t_end[i] - arrival;
    }
    if (2 * known < rows.size())
        throw trace_error{fault::bad_request, "most request ids of the trace are not among the requests"};
    if (100 * early > known)
        throw trace_error{fault::bad_request,
                          std::to_string(early) + " of " + std::to_string(known) +
                              " phases begin before their request arrives",
                          "one clock for the trace and the requests"};
    return out;
}

inline held_out_figure compared(std::string name, figure const& shown, figure const& predicted) {
    held_out_figure out{std::move(name), shown.value, predicted.value};
    if (out.shown && out.predicted && *out.shown != 0) out.error = *out.predicted / *out.shown - 1;
    return out;
}

/// Adds mean and percentiles of one time of the requests.
inline void add_figures(held_out_report& out, std::string const& name, std::vector<weighted_value> shown,
                        std::vector<weighted_value> predicted) {
    auto const a = distribution_of(shown), b = distribution_of(predicted);
    out.figures.push_back(compared(name + " mean", a.mean, b.mean));
    out.figures.push_back(compared(name + " p50", a.p50, b.p50));
    out.figures.push_back(compared(name + " p90", a.p90, b.p90));
    out.figures.push_back(compared(name + " p95", a.p95, b.p95));
    out.figures.push_back(compared(name + " p99", a.p99, b.p99));
}

}  // namespace detail

KVT_DECL held_out_report predict_held_out(std::span<request const> requests, phases const& shown, step_engine engine,
                                          double share, iterative const& method) {
    if (!(share > 0 && share < 1))
        throw trace_error{fault::bad_option, "held-out share " + shortest(share), "between 0 and 1"};
    std::vector<std::size_t> order(requests.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return requests[i].arrival; });
    auto const kept = static_cast<std::size_t>(std::llround((1 - share) * static_cast<double>(requests.size())));
    if (kept < 1 || kept >= requests.size())
        throw trace_error{fault::bad_option,
                          "a share of " + shortest(share) + " leaves nothing to fit or nothing to predict"};
    auto const seen = detail::shown_times(requests, shown, engine);
    auto early = detail::rows_until(shown, requests[order[kept]].arrival);
    if (early.size() < 3)
        throw trace_error{fault::bad_option, "fewer than 3 phases had ended before the held-out part"};
    held_out_report out{.fitted_phases = static_cast<std::int64_t>(early.size())};
    out.beta = method(expose_trace(std::move(early))).beta;
    engine.beta0 = out.beta.beta0, engine.beta1 = out.beta.beta1, engine.beta2 = out.beta.beta2;
    engine.noise_sigma = engine.time_quantum = engine.time_origin = 0;
    auto const told = times_of(simulate(requests, engine), requests, engine);
    std::vector<weighted_value> ttft[2], tpot[2];
    std::vector<double> errors;
    for (std::size_t k = kept; k < order.size(); ++k) {
        auto const &a = seen[order[k]], &b = told[order[k]];
        ++out.held_out_requests;
        out.compared_requests += (a.ttft && b.ttft) || (a.tpot && b.tpot);
        if (a.ttft && b.ttft) {
            ttft[0].push_back({*a.ttft, 1}), ttft[1].push_back({*b.ttft, 1});
            if (*a.ttft > 0) errors.push_back(std::abs(*b.ttft / *a.ttft - 1));
        }
        if (a.tpot && b.tpot) tpot[0].push_back({*a.tpot, 1}), tpot[1].push_back({*b.tpot, 1});
    }
    detail::add_figures(out, "ttft", ttft[0], ttft[1]);
    detail::add_figures(out, "tpot", tpot[0], tpot[1]);
    out.median_ttft_error = numeric::median(errors);
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
