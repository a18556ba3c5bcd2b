// judge: costs estimated from phases alone, beside those that the engine's own step log tells.
#pragma once

#include <kvt/trace/recover.hpp>
#include <kvt/trace/step_log.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// Costs of a regression, and how well constant costs describe what happened.
struct measured_costs {
    coefficients beta{};
    /// Seconds a cached entry that a prefill or decode token attended to, where these are costs of their own.
    std::optional<double> per_prefill_attended{}, per_decode_attended{};
    std::optional<double> r2{};
    double rmse_seconds = 0;
    double rmse_share = 0;  ///< of the mean duration
};
KVT_RECORD(measured_costs, beta, per_prefill_attended, per_decode_attended, r2, rmse_seconds, rmse_share);

/// Whether both logs tell of the same work.
struct log_agreement {
    std::int64_t steps = 0, phases = 0;
    std::int64_t prefill_tokens_in_steps = 0, decode_tokens_in_steps = 0;
    double prefill_tokens_in_phases = 0, decode_tokens_in_phases = 0;
    std::int64_t loose_phases = 0;       ///< that do not begin where a step begins and end where a step ends
    std::int64_t miscounted_phases = 0;  ///< that took another number of steps than their tokens and the chunk size say

    /// Every phase is made of steps and every token of a step belongs to a phase.
    [[nodiscard]] bool agree() const {
        return loose_phases == 0 && prefill_tokens_in_phases == static_cast<double>(prefill_tokens_in_steps) &&
               decode_tokens_in_phases == static_cast<double>(decode_tokens_in_steps);
    }
};
KVT_RECORD(log_agreement, steps, phases, prefill_tokens_in_steps, decode_tokens_in_steps, prefill_tokens_in_phases,
           decode_tokens_in_phases, loose_phases, miscounted_phases);

/// The step log's verdict on estimates that never saw it.
struct judgement {
    log_agreement logs{};
    double step_seconds = 0;     ///< of all steps
    double waiting_seconds = 0;  ///< of phases, while no step of theirs ran
    double waiting_share = 0;    ///< of the phases' time
    double mean_tokens = 0;      ///< of a step
    measured_costs
        on_steps{};  ///< duration of each step on 1, prefill and decode tokens: the truth, as far as there is one
    std::optional<measured_costs> with_attention{};  ///< the same with costs for the entries attended to
    /// Correlations of the residuals of `on_steps` with the entries that prefill and decode tokens attended to.
    std::optional<double> residual_with_prefill_attended{}, residual_with_decode_attended{};
    std::optional<double> residual_where_prefills_end{};  ///< mean residual of such steps, seconds
    measured_costs
        on_phases{};  ///< phases with the step log's own counts: what any estimator of phases could find at best
    std::vector<recovered> estimators{};  ///< errors relative to `on_steps`
    std::vector<std::string> reasons{};   ///< why estimates are off, in words
};
KVT_RECORD(judgement, logs, step_seconds, waiting_seconds, waiting_share, mean_tokens, on_steps, with_attention,
           residual_with_prefill_attended, residual_with_decode_attended, residual_where_prefills_end, on_phases,
           estimators, reasons);

/// Fits duration ≈ b0 + b1 prefill + b2 decode over steps, all costs at least 0 (and b3, b4 for entries attended to, where
/// `attended` says so and every step knows). Throws `empty_trace`.
enum class attention_cost : std::uint8_t { none, own };
[[nodiscard]] measured_costs fit_log(std::span<logged_step const> steps,
                                     attention_cost attended = attention_cost::none);

namespace detail {

[[nodiscard]] judgement start_judgement(phases const& rows, std::span<logged_step const> steps);
void explain(judgement& j);

}  // namespace detail

/// Estimates costs from the phases alone and sets them beside a regression on the steps. `rule.chunk_size` is the engine's.
/// Throws as `check_trace` does, and `empty_trace` where a log is empty.
template <estimator... Estimators>
[[nodiscard]] judgement judge(table rows, std::span<logged_step const> steps, step_rule rule,
                              Estimators const&... each) {
    auto const trace = expose_trace(check_trace(std::move(rows), rule, prompt_use::needed));
    auto out = detail::start_judgement(trace.rows, steps);
    (out.estimators.push_back(detail::judged(each, out.on_steps.beta, trace)), ...);
    detail::explain(out);
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/judge.ipp>
#endif
