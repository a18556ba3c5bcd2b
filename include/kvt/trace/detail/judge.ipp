// Definitions of trace/judge.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/trace/judge.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

/// One row of a regression per step or phase.
struct cost_row {
    double steps = 0, prefill = 0, decode = 0, seconds = 0, prefill_attended = 0, decode_attended = 0;
};

KVT_DECL double predicted(measured_costs const& costs, cost_row const& r) {
    auto const& b = costs.beta;
    return b.seconds(r.steps, r.prefill, r.decode) + costs.per_prefill_attended.value_or(0) * r.prefill_attended +
           costs.per_decode_attended.value_or(0) * r.decode_attended;
}

/// In 3 unknowns, or in 5 with those of attention.
template <std::size_t K> measured_costs fit_costs(std::span<cost_row const> rows) {
    static_assert(K == 3 || K == 5);
    numeric::row_triangle<K> triangle;
    double sum = 0;
    for (auto const& r : rows) {
        if constexpr (K == 3) triangle.add({r.steps, r.prefill, r.decode, r.seconds});
        else triangle.add({r.steps, r.prefill, r.decode, r.prefill_attended, r.decode_attended, r.seconds});
        sum += r.seconds;
    }
    auto const b = numeric::solve_small_nnls(triangle).x;
    measured_costs out{.beta = {b[0], b[1], b[2]}};
    if constexpr (K == 5) out.per_prefill_attended = b[3], out.per_decode_attended = b[4];
    double const n = static_cast<double>(rows.size()), mean = sum / n;
    double squares = 0, centred = 0;
    for (auto const& r : rows) {
        double const e = predicted(out, r) - r.seconds;
        squares += e * e, centred += (r.seconds - mean) * (r.seconds - mean);
    }
    if (centred != 0) out.r2 = 1 - squares / centred;
    out.rmse_seconds = std::sqrt(squares / n);
    out.rmse_share = out.rmse_seconds / mean;
    return out;
}

KVT_DECL std::vector<cost_row> rows_of(std::span<logged_step const> steps) {
    std::vector<cost_row> out;
    for (auto const& s : steps)
        out.push_back({1, static_cast<double>(s.prefill_tokens), static_cast<double>(s.decode_tokens), s.seconds(),
                       s.prefill_attended.value_or(0), s.decode_attended.value_or(0)});
    return out;
}

KVT_DECL bool knows_attention(std::span<logged_step const> steps) {
    return std::ranges::all_of(
        steps, [](logged_step const& s) { return s.prefill_attended.has_value() && s.decode_attended.has_value(); });
}

KVT_DECL std::optional<double> correlation(std::span<double const> a, std::span<double const> b) {
    double const n = static_cast<double>(a.size());
    double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) mean_a += a[i] / n, mean_b += b[i] / n;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const x = a[i] - mean_a, y = b[i] - mean_b;
        aa += x * x, bb += y * y, ab += x * y;
    }
    return aa > 0 && bb > 0 ? std::optional{ab / std::sqrt(aa * bb)} : std::nullopt;
}

/// The steps of a log in order of time, and where they begin and end.
struct step_times {
    std::vector<logged_step> steps;
    std::vector<double> starts, ends;

    explicit step_times(std::span<logged_step const> log) : steps{log.begin(), log.end()} {
        std::ranges::stable_sort(steps, {}, &logged_step::t_start);
        for (auto const& s : steps) starts.push_back(s.t_start), ends.push_back(s.t_end);
    }
    /// The first step inside, and one past the last.
    [[nodiscard]] std::pair<std::size_t, std::size_t> inside(double from, double to) const {
        auto const first = static_cast<std::size_t>(std::ranges::lower_bound(starts, from) - starts.begin());
        auto const last = static_cast<std::size_t>(std::ranges::upper_bound(ends, to) - ends.begin());
        return {first, std::max(first, last)};
    }
};

KVT_DECL void compare_logs(judgement& j, phases const& rows, step_times const& times) {
    auto& logs = j.logs;
    std::vector<cost_row> before{{}};  // what the steps before each one hold
    auto const log = rows_of(times.steps);
    for (auto const& r : log) {
        auto const& b = before.back();
        before.push_back({b.steps + 1, b.prefill + r.prefill, b.decode + r.decode, b.seconds + r.seconds});
    }
    logs.prefill_tokens_in_steps = static_cast<std::int64_t>(before.back().prefill);
    logs.decode_tokens_in_steps = static_cast<std::int64_t>(before.back().decode);
    std::vector<cost_row> met;
    double phase_seconds = 0, ends_residual = 0;
    std::int64_t prefills = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const [first, last] = times.inside(rows.t_start[i], rows.t_end[i]);
        auto const &a = before[first], &b = before[last];
        double const seconds = rows.t_end[i] - rows.t_start[i];
        met.push_back({b.steps - a.steps, b.prefill - a.prefill, b.decode - a.decode, seconds});
        phase_seconds += seconds;
        j.waiting_seconds += seconds - (b.seconds - a.seconds);
        bool const tied =
            first < last && times.starts[first] == rows.t_start[i] && times.ends[last - 1] == rows.t_end[i];
        logs.loose_phases += tied ? 0 : 1;
        logs.miscounted_phases += met.back().steps == rows.steps[i] ? 0 : 1;
        bool const prefill = rows.kind[i] == phase_kind::prefill;
        (prefill ? logs.prefill_tokens_in_phases : logs.decode_tokens_in_phases) += rows.tokens[i];
        if (!prefill || !tied) continue;
        ends_residual += log[last - 1].seconds - predicted(j.on_steps, log[last - 1]);
        ++prefills;
    }
    j.step_seconds = before.back().seconds;
    j.waiting_share = phase_seconds > 0 ? j.waiting_seconds / phase_seconds : 0;
    if (prefills > 0) j.residual_where_prefills_end = ends_residual / static_cast<double>(prefills);
    j.on_phases = fit_costs<3>(met);
}

KVT_DECL judgement start_judgement(phases const& rows, std::span<logged_step const> steps) {
    judgement j{.on_steps = fit_log(steps)};
    j.logs.steps = static_cast<std::int64_t>(steps.size()), j.logs.phases = static_cast<std::int64_t>(rows.size());
    compare_logs(j, rows, step_times{steps});
    j.mean_tokens = static_cast<double>(j.logs.prefill_tokens_in_steps + j.logs.decode_tokens_in_steps) /
                    static_cast<double>(steps.size());
    if (!knows_attention(steps)) return j;
    j.with_attention = fit_log(steps, attention_cost::own);
    std::vector<double> residuals, prefill, decode;
    for (auto const& r : rows_of(steps)) {
        residuals.push_back(r.seconds - predicted(j.on_steps, r));
        prefill.push_back(r.prefill_attended), decode.push_back(r.decode_attended);
    }
    j.residual_with_prefill_attended = correlation(residuals, prefill);
    j.residual_with_decode_attended = correlation(residuals, decode);
    return j;
}

KVT_DECL void explain(judgement& j) {
    auto const percent = [](double share) { return fixed(100 * share, 1) + " %"; };
    auto const count = [](std::int64_t n) { return std::to_string(n); };
    auto& out = j.reasons;
    if (!j.logs.agree())
        out.push_back(
            "The logs do not tell of the same work: " + count(j.logs.loose_phases) +
            " phases do not begin and end "
            "with steps, or tokens are missing on one side. Requests that had not ended when a log was cut short "
            "have steps and no phases.");
    if (j.on_steps.r2)
        out.push_back("Constant costs explain " + percent(*j.on_steps.r2) +
                      " of the variance of step times; what is left is " + percent(j.on_steps.rmse_share) +
                      " of a mean step. No estimate can be better defined than this.");
    if (j.on_steps.beta.beta0 == 0)
        out.push_back("The steps show no cost of their own beside their tokens" +
                      (j.with_attention && j.with_attention->beta.beta0 > 0
                           ? "; with attention apart it is " + shortest(j.with_attention->beta.beta0) + " s"
                           : std::string{}) +
                      ": costs that rise faster than tokens, as those of long contexts do, hide it.");
    if (j.with_attention && j.with_attention->r2)
        out.push_back("What constant costs leave over correlates by " + fixed(j.residual_with_prefill_attended, 2) +
                      " and " + fixed(j.residual_with_decode_attended, 2) +
                      " with the cached entries that prefill and decode tokens attend to; with costs for these, " +
                      percent(*j.with_attention->r2) +
                      " are explained. Tokens grow dearer with context, which no constant "
                      "cost can say.");
    out.push_back("Phases waited " + percent(j.waiting_share) + " of their time while no step of theirs ran.");
    if (j.logs.miscounted_phases > 0)
        out.push_back(
            count(j.logs.miscounted_phases) + " of " + count(j.logs.phases) +
            " phases took another number of steps than the estimator infers, as where a token budget cuts chunks or "
            "the chunk size is not the engine's.");
    out.push_back(
        "`phases, counted` is the same fit on phases whose steps and tokens the step log counts: its error comes of "
        "fitting constant costs to phases instead of steps; what an estimate is off beyond that comes of guessing "
        "from phases alone what each one met.");
}

}  // namespace detail

KVT_DECL measured_costs fit_log(std::span<logged_step const> steps, attention_cost attended) {
    if (steps.empty()) throw trace_error{fault::empty_trace, "the step log has no steps"};
    auto const rows = detail::rows_of(steps);
    return attended == attention_cost::own && detail::knows_attention(steps) ? detail::fit_costs<5>(rows)
                                                                             : detail::fit_costs<3>(rows);
}

}  // namespace kvt::inline KVT_ABI::trace
