// Definitions of trace/iterative.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/trace/iterative.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

/// Running sums over segments. Steps at the floor are counted apart: a thousand million of them in one place would cost
/// all rows behind it their digits.
class split_sum {
  public:
    void reset(std::size_t segments, bool apart) {
        ordinary_.resize(segments + 1);
        ordinary_[0] = 0;
        floored_.assign(apart ? segments + 1 : 0, 0.0);
    }
    void set(std::size_t segment, double value, bool at_floor) {
        ordinary_[segment + 1] = ordinary_[segment] + (at_floor ? 0.0 : value);
        if (!floored_.empty()) floored_[segment + 1] = floored_[segment] + (at_floor ? value : 0.0);
    }
    [[nodiscard]] double between(std::size_t from, std::size_t to) const {
        double const sum = ordinary_[to] - ordinary_[from];
        return floored_.empty() ? sum : sum + (floored_[to] - floored_[from]);
    }

  private:
    std::vector<double> ordinary_, floored_;
};

/// The work of one iteration, with memory that lasts for all of them.
class reweigher {
  public:
    static constexpr double floor = 1e-12;

    reweigher(exposure const& trace, chunk_correction how, double pressure_damping)
        : trace_{trace}, how_{how}, damping_{pressure_damping} {
        if (how == chunk_correction::beta_informed) missing_ = missing_tokens(trace);
        else fixed_ = correction_rate(trace, how);
        state.pressure = state.next_pressure = trace.prefill_pressure;
        state.step_time.resize(trace.segments()), state.rate.resize(trace.segments());
        state.taken.resize(trace.segments());
        state.prefill.resize(trace.rows.size()), state.decode.resize(trace.rows.size());
    }

    void run(coefficients const& beta) {
        settle(beta);
        features();
    }
    /// All but the features.
    void settle(coefficients const& beta) {
        rates(beta);
        if (how_ == chunk_correction::beta_informed) place_missing();
        else
            for (std::size_t j = 0; j < trace_.segments(); ++j)
                state.taken[j] = fixed_[j] / std::max(state.rate[j], floor);
        pressures();
    }
    void features() {
        for (std::size_t i = 0; i < trace_.rows.size(); ++i) {
            std::size_t const a = trace_.first[i], b = trace_.last[i];
            double const n = trace_.rows.steps[i], steps = steps_.between(a, b);
            bool const any = steps > 0;
            state.prefill[i] = any ? n * prefill_.between(a, b) / steps : 0;
            state.decode[i] = any ? n * decode_.between(a, b) / steps : 0;
        }
    }

    reweighting state{};

  private:
    [[nodiscard]] bool idle(std::size_t j) const {
        return trace_.prefill_pressure[j] == 0 && trace_.decode_pressure[j] == 0;
    }
    [[nodiscard]] bool floored(std::size_t j) const { return state.step_time[j] <= floor; }

    void rates(coefficients const& b) {
        state.floored = 0;
        for (std::size_t j = 0; j < trace_.segments(); ++j) {
            double const t = b.beta0 + b.beta1 * state.next_pressure[j] + b.beta2 * trace_.decode_pressure[j];
            state.step_time[j] = std::max(t, floor);
            state.rate[j] = 1 / state.step_time[j];
            state.floored += floored(j) && !idle(j);
        }
        steps_.reset(trace_.segments(), state.floored > 0);
        for (std::size_t j = 0; j < trace_.segments(); ++j)
            steps_.set(j, idle(j) ? 0.0 : state.rate[j] * trace_.length(j), floored(j));
    }

    /// The correction `beta_informed`, as tokens a step: each prefill's missing tokens over its last step.
    void place_missing() {
        auto& taken = state.taken;
        std::fill(taken.begin(), taken.end(), 0.0);
        share_.assign(trace_.segments() + 1, 0.0);
        open_.assign(trace_.segments() + 1, 0);
        for (std::size_t i = 0; i < trace_.rows.size(); ++i) {
            double const n = trace_.rows.steps[i];
            if (missing_[i] == 0 || !(n > 0)) continue;
            std::size_t const a = trace_.first[i], b = trace_.last[i];
            double const all = steps_.between(a, b), target = std::clamp(all - all / n, 0.0, std::max(all, 0.0));
            std::size_t low = a, high = b - 1;  // the first segment by whose end the target is reached
            while (low < high) {
                std::size_t const middle = low + (high - low) / 2;
                if (steps_.between(a, middle + 1) >= target) high = middle;
                else low = middle + 1;
            }
            std::size_t const k = low;
            double const length = trace_.length(k);
            double const offset = std::clamp((target - steps_.between(a, k)) / state.rate[k], 0.0, length);
            double const held = length - offset, last_step = state.rate[k] * held + steps_.between(k + 1, b);
            if (!(last_step > 0)) continue;
            double const share = missing_[i] / last_step;
            taken[k] += share * (held / length);
            if (k + 1 == b) continue;
            share_[k + 1] += share, share_[b] -= share;
            ++open_[k + 1], --open_[b];
        }
        double sum = 0;
        std::int64_t open = 0;
        for (std::size_t j = 0; j < trace_.segments(); ++j) {
            sum += share_[j], open += open_[j];
            if (open == 0) sum = 0;  // nothing is left where no last step is, not even rounding
            taken[j] += sum;
            if (state.rate[j] < floor) taken[j] *= state.rate[j] / floor;
        }
    }

    void pressures() {
        bool const apart = state.floored > 0;
        prefill_.reset(trace_.segments(), apart), decode_.reset(trace_.segments(), apart);
        for (std::size_t j = 0; j < trace_.segments(); ++j) {
            double const p = std::max(0.0, trace_.prefill_pressure[j] - state.taken[j]);
            double const steps = idle(j) ? 0.0 : state.rate[j] * trace_.length(j);
            state.pressure[j] = p;
            state.next_pressure[j] = (1 - damping_) * state.next_pressure[j] + damping_ * p;
            prefill_.set(j, p * steps, floored(j));
            decode_.set(j, trace_.decode_pressure[j] * steps, floored(j));
        }
    }

    exposure const& trace_;
    chunk_correction how_;
    double damping_;
    std::vector<double> missing_, fixed_, share_;
    std::vector<std::int32_t> open_;
    split_sum steps_, prefill_, decode_;
};

inline std::vector<double> triple(coefficients const& b) { return {b.beta0, b.beta1, b.beta2}; }

}  // namespace detail

KVT_DECL reweighting reweigh(exposure const& trace, coefficients const& beta, std::vector<double> pressure,
                             chunk_correction how, double pressure_damping) {
    detail::reweigher work{trace, how, pressure_damping};
    if (pressure.size() != trace.segments())
        throw error{error_kind::usage, "reweigh", "a pressure for every segment is needed"};
    work.state.next_pressure = std::move(pressure);
    work.run(beta);
    return std::move(work.state);
}

KVT_DECL reweighting settled_features(exposure const& trace, coefficients const& beta, chunk_correction how) {
    detail::reweigher work{trace, how, 0.3};
    for (int turn = 0; turn < 40; ++turn) work.settle(beta);  // 0.7^40 of the first step is left: below 1e-6
    work.features();
    return std::move(work.state);
}

KVT_DECL iterative iterative::preset(iterative_preset which) {
    if (which == iterative_preset::robust) return {};
    return {.prefill_correction = chunk_correction::beta_informed,
            .init_correction = chunk_correction::end,
            .max_outer_iters = 25,
            .tol = 1e-6,
            .damping = 1,
            .pressure_damping = 1};
}

KVT_DECL void iterative::check() const {
    auto const refuse = [](std::string problem, std::string expected) {
        throw trace_error{fault::bad_option, std::move(problem), std::move(expected)};
    };
    if (init_correction == chunk_correction::beta_informed)
        refuse("init_correction beta_informed", "uniform, end, none or end_inside");
    if (!(tol > 0) || !std::isfinite(tol)) refuse("tol " + shortest(tol), "a number above 0");
    if (!(damping > 0 && damping <= 1)) refuse("damping " + shortest(damping), "a number in (0, 1]");
    if (!(pressure_damping > 0 && pressure_damping <= 1))
        refuse("pressure_damping " + shortest(pressure_damping), "a number in (0, 1]");
    if (max_outer_iters < 1) refuse("max_outer_iters " + std::to_string(max_outer_iters), "at least 1");
}

KVT_DECL iterative_estimate iterative::operator()(exposure const& trace) const {
    check();
    iterative_estimate out;
    coefficients const init = baseline{init_correction}(trace).beta;
    coefficients b = init;
    out.history.beta.push_back(detail::triple(b));
    detail::reweigher work{trace, prefill_correction, pressure_damping};
    step_fit fit;
    double delta = 0;
    while (!out.converged && out.n_outer_iters < max_outer_iters) {
        work.run(b);
        fit = fit_steps(trace.rows, work.state.prefill, work.state.decode);
        auto const mixed = [&](double before, double fitted) { return (1 - damping) * before + damping * fitted; };
        coefficients const next{mixed(b.beta0, fit.beta.beta0), mixed(b.beta1, fit.beta.beta1),
                                mixed(b.beta2, fit.beta.beta2)};
        double const d0 = next.beta0 - b.beta0, d1 = next.beta1 - b.beta1, d2 = next.beta2 - b.beta2;
        delta = std::sqrt(d0 * d0 + d1 * d1 + d2 * d2);
        b = next;
        ++out.n_outer_iters;
        out.history.beta.push_back(detail::triple(b));
        out.history.delta_l2.push_back(delta);
        out.history.r2.push_back(fit.r2);
        out.history.rmse_seconds.push_back(fit.rmse_seconds);
        out.converged = delta < tol;
    }
    out.beta = b;
    out.told = fit.told;
    out.diagnostics = {.converged = out.converged,
                       .n_outer_iters = out.n_outer_iters,
                       .tol = tol,
                       .damping_eta = damping,
                       .init_beta0 = init.beta0,
                       .init_beta1 = init.beta1,
                       .init_beta2 = init.beta2,
                       .final_beta0 = b.beta0,
                       .final_beta1 = b.beta1,
                       .final_beta2 = b.beta2,
                       .final_r2 = fit.r2,
                       .final_rmse_seconds = fit.rmse_seconds,
                       .final_delta_beta_l2 = delta,
                       .mean_steps = mean_of(trace.rows.steps),
                       .mean_duration_seconds = mean_of(trace.rows.duration),
                       .n_phases = static_cast<std::int64_t>(trace.rows.size())};
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
