// coordinate_descent: ranges that trade squared error against smoothness, found group by group.
#pragma once

#include <kvt/quant/beta_schedule.hpp>
#include <kvt/quant/group_evaluator.hpp>
#include <kvt/quant/range_policy.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::quant {

/// Lowers `D/D0 + lambda * P + markov_weight * K`: D is the mean squared error and D0 its start, P the mean over
/// boundaries of the squared log-ratio of widths plus the squared shift of the lower end relative to the wider range, and
/// K the mean over groups of the divergence between the Gaussians of original and reconstructed values, after the noise
/// of the group's timestep (markov-smoothness 6.5). Sweeps over the groups, and tries 45 ranges around each one's own.
/// The objective never rises, so that D ends at most at `D0 * (1 + lambda * P0)` where `markov_weight` is 0; with
/// `estimate` both are said of histograms. Left alone, with a note: a tensor with a degenerate group, or without error.
struct coordinate_descent {
    static constexpr std::string_view name = "coordinate_descent";
    double lambda = 1;  ///< 0: a range search by group
    std::int64_t max_sweeps = 20;
    double markov_weight = 0;  ///< K is reported whatever it is
    beta_schedule schedule{};
    evaluation evaluate = evaluation::histogram;
    std::int64_t bins = 0, sample = 65'536;  ///< of histograms, as in `evaluation_options`

    /// Throws `invalid_weight`, `invalid_max_iterations`, `invalid_beta_schedule`, `invalid_group_size` (bins, sample).
    void check() const;
    [[nodiscard]] refined operator()(grouped_values const& tensor, std::span<value_range const> start) const;
};
KVT_RECORD(coordinate_descent, lambda, max_sweeps, markov_weight, schedule, evaluate, bins, sample);

/// P of the objective: 0 for one group or none. Ranges are wider than 0.
[[nodiscard]] double range_unevenness(std::span<value_range const> ranges);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/coordinate_descent.ipp>
#endif
