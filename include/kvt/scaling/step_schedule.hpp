// step_schedule: how many steps a training run has, and how large each one is.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>

namespace kvt::inline KVT_ABI::scaling {

/// How the multiplier falls from 1 to `min_ratio` along half a cosine. `after_warmup`: over the steps behind the warm-up.
/// `throughout`: over all steps, times the warm-up's rise. `constant`: it stays 1 behind the warm-up.
enum class decay_shape : std::uint8_t { after_warmup, throughout, constant };
KVT_CHOICE(decay_shape, "after_warmup", "throughout", "constant");

/// Multiplies every parameter's own learning rate (scaling-laws 2.6 is `after_warmup`). The warm-up rises linearly and
/// reaches 1 at its last step.
struct step_schedule {
    std::int64_t steps = 1;
    std::int64_t warmup_steps = 0;
    double min_ratio = 0;
    decay_shape decay = decay_shape::after_warmup;

    /// Throws `error{usage}` naming the field that is out of range.
    void check() const;
    /// Of step 0..steps-1; past the end that of the last.
    [[nodiscard]] double multiplier(std::int64_t step) const;
};
KVT_RECORD(step_schedule, steps, warmup_steps, min_ratio, decay);

/// floor(ratio * steps).
[[nodiscard]] std::int64_t warmup_steps_of(double ratio, std::int64_t steps);

/// What a token budget comes to in whole steps.
struct step_budget {
    std::int64_t steps = 0, tokens_per_step = 0, tokens_trained = 0;
};
KVT_RECORD(step_budget, steps, tokens_per_step, tokens_trained);

/// As many steps of `sequences * accumulation * length` tokens as reach the budget, at least one. Throws `error{usage}` for
/// a number below 1.
[[nodiscard]] step_budget steps_for(std::int64_t tokens, std::int64_t sequences, std::int64_t accumulation,
                                    std::int64_t length);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/step_schedule.ipp>
#endif
