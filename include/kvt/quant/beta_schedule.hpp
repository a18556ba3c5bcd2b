// beta_schedule: how much noise a diffusion process adds at each timestep.
#pragma once

#include <kvt/quant/fault.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

enum class schedule_kind : std::uint8_t { linear, cosine };
KVT_CHOICE(schedule_kind, "linear", "cosine");

/// One beta a timestep (markov-smoothness 6.1). `linear` goes from `start` to `end`; one timestep takes `start`. `cosine`
/// looks at neither; its indices are one step earlier than the usual definition.
struct beta_schedule {
    schedule_kind kind = schedule_kind::linear;
    double start = 1e-4, end = 0.02;  ///< in [0, 1]

    /// Throws `invalid_beta_schedule`.
    void check() const;
    [[nodiscard]] std::vector<double> betas(std::int64_t timesteps) const;
};
KVT_RECORD(beta_schedule, kind, start, end);

/// The kind of that name; throws `invalid_beta_schedule`.
[[nodiscard]] schedule_kind schedule_named(std::string_view word);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/beta_schedule.ipp>
#endif
