#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/step_schedule.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL void step_schedule::check() const {
    auto const refuse = [](char const* field, std::string problem, std::string expected) {
        throw error{error_kind::usage, std::string{"schedule."} + field, std::move(problem), std::move(expected)};
    };
    if (steps < 1) refuse("steps", std::to_string(steps), "1 or more");
    if (warmup_steps < 0 || warmup_steps > steps)
        refuse("warmup_steps", std::to_string(warmup_steps), "0 to " + std::to_string(steps));
    if (!(min_ratio >= 0 && min_ratio <= 1)) refuse("min_ratio", shortest(min_ratio), "0..1");
}

KVT_DECL double step_schedule::multiplier(std::int64_t step) const {
    step = std::clamp<std::int64_t>(step, 0, steps - 1);
    auto const real = [](std::int64_t n) { return static_cast<double>(n); };
    auto const fall = [&](double share) {
        return min_ratio + (1 - min_ratio) * 0.5 * (1 + std::cos(std::numbers::pi * share));
    };
    double const rise = step < warmup_steps ? real(step + 1) / real(warmup_steps) : 1;
    if (decay == decay_shape::throughout) return rise * fall(real(step + 1) / real(steps));
    if (decay == decay_shape::constant || step < warmup_steps) return rise;
    return fall(real(step - warmup_steps) / real(std::max<std::int64_t>(1, steps - warmup_steps)));
}

KVT_DECL std::int64_t warmup_steps_of(double ratio, std::int64_t steps) {
    if (!(ratio >= 0 && ratio <= 1)) throw error{error_kind::usage, "schedule.warmup_ratio", shortest(ratio), "0..1"};
    return static_cast<std::int64_t>(std::floor(ratio * static_cast<double>(steps)));
}

KVT_DECL step_budget steps_for(std::int64_t tokens, std::int64_t sequences, std::int64_t accumulation,
                               std::int64_t length) {
    step_budget out;
    if (tokens < 1 || sequences < 1 || accumulation < 1 || length < 1 ||
        __builtin_mul_overflow(sequences, accumulation, &out.tokens_per_step) ||
        __builtin_mul_overflow(out.tokens_per_step, length, &out.tokens_per_step))
        throw error{error_kind::usage, "training",
                    std::to_string(tokens) + " tokens in steps of " + std::to_string(sequences) + " x " +
                        std::to_string(accumulation) + " x " + std::to_string(length),
                    "numbers of 1 or more"};
    out.steps = std::max<std::int64_t>(1, tokens / out.tokens_per_step + (tokens % out.tokens_per_step != 0 ? 1 : 0));
    if (__builtin_mul_overflow(out.steps, out.tokens_per_step, &out.tokens_trained))
        throw error{error_kind::usage, "training", std::to_string(tokens) + " tokens are too many", "fewer"};
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
