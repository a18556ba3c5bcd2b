// Definitions of trace/service.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/trace/service.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL void service_goal::check() const {
    auto const positive = [](std::optional<double> limit, std::string const& name) {
        if (limit && (!(*limit > 0) || !std::isfinite(*limit)))
            throw trace_error{fault::bad_option, name + " " + shortest(*limit), "seconds above 0"};
    };
    positive(ttft, "slo-ttft"), positive(tpot, "slo-tpot");
}

KVT_DECL distribution distribution_of(std::vector<weighted_value>& values) {
    if (values.empty()) return {};
    std::ranges::sort(values, {}, &weighted_value::value);
    std::vector<double> until;  // weights up to and with each
    double sum = 0, weights = 0;
    for (auto const& v : values) sum += v.value * v.weight, until.push_back(weights += v.weight);
    auto const at = [&](double place) {  // of the order statistic, from 0
        return values[static_cast<std::size_t>(std::ranges::upper_bound(until, place) - until.begin())].value;
    };
    auto const quantile = [&](double q) -> figure {
        double const h = q * (weights - 1), low = std::floor(h);
        double const below = at(low), above = at(std::min(low + 1, weights - 1));
        return {below + (h - low) * (above - below)};
    };
    return {{sum / weights}, quantile(0.5), quantile(0.9), quantile(0.95), quantile(0.99)};
}

KVT_DECL std::vector<request_times> times_of(simulation const& run, std::span<request const> requests,
                                             step_engine const& engine) {
    std::vector<request_times> out(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto const& r = requests[i];
        if (r.generated_tokens == 0) continue;
        auto const& s = run.served[i];
        // the step whose end brings the first token
        std::size_t const first = engine.first_token_in_prefill ? s.decode_step - 1 : s.decode_step;
        double const token = run.log[first].t_end;
        out[i].ttft = token - r.arrival;
        if (r.generated_tokens > 1)
            out[i].tpot = (run.log[s.end_step - 1].t_end - token) / static_cast<double>(r.generated_tokens - 1);
    }
    return out;
}

namespace detail {

/// Between two tokens of a request lies one step, so a step's time counts once for every token that was not a first one.
inline distribution token_gaps(simulation const& run, std::span<request const> requests, step_engine const& engine) {
    std::vector<weighted_value> gaps;
    for (auto const& s : run.log) gaps.push_back({s.t_end - s.t_start, static_cast<double>(s.decode_tokens)});
    if (!engine.first_token_in_prefill)
        for (std::size_t i = 0; i < requests.size(); ++i)
            if (requests[i].generated_tokens > 0) gaps[run.served[i].decode_step].weight -= 1;
    std::erase_if(gaps, [](weighted_value const& g) { return g.weight == 0; });
    return distribution_of(gaps);
}

}  // namespace detail

KVT_DECL service service_of(simulation const& run, std::span<request const> requests, step_engine const& engine,
                            service_goal const& goal) {
    goal.check();
    service out{.requests = static_cast<std::int64_t>(requests.size())};
    if (requests.empty()) return out;
    std::vector<weighted_value> first, each;
    double tokens = 0, good = 0, good_tokens = 0;
    auto const times = times_of(run, requests, engine);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto const& [ttft, tpot] = times[i];
        if (!ttft) ++out.without_answer;
        if (ttft) first.push_back({*ttft, 1});
        if (tpot) each.push_back({*tpot, 1});
        auto const generated = static_cast<double>(requests[i].generated_tokens);
        tokens += generated;
        bool const kept = !(goal.ttft && ttft && *ttft > *goal.ttft) && !(goal.tpot && tpot && *tpot > *goal.tpot);
        if (kept) good += 1, good_tokens += generated;
    }
    out.ttft = distribution_of(first), out.tpot = distribution_of(each);
    out.itl = detail::token_gaps(run, requests, engine);
    double const span = run.makespan_seconds, count = static_cast<double>(requests.size());
    out.requests_per_second = {count / span}, out.tokens_per_second = {tokens / span};
    out.goodput_requests_per_second = {good / span}, out.goodput_tokens_per_second = {good_tokens / span};
    out.good_share = {good / count};
    out.busy_share = {run.busy_seconds / span}, out.mean_batch = {run.mean_batch};
    return out;
}

KVT_DECL std::array<figure*, service_figures> figures_of(service& s) {
    std::array<figure*, service_figures> out{};
    std::size_t at = 0;
    for (auto* d : {&s.ttft, &s.itl, &s.tpot})
        for (auto* f : {&d->mean, &d->p50, &d->p90, &d->p95, &d->p99}) out[at++] = f;
    for (auto* f : {&s.requests_per_second, &s.tokens_per_second, &s.goodput_requests_per_second,
                    &s.goodput_tokens_per_second, &s.good_share, &s.busy_share, &s.mean_batch})
        out[at++] = f;
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
