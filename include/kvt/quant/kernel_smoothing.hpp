// kernel_smoothing: ranges averaged with their neighbours', as far as a guard lets them.
#pragma once

#include <kvt/quant/group_evaluator.hpp>
#include <kvt/quant/interpolation.hpp>
#include <kvt/quant/range_policy.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// What a smoothed range must not do. `none`: anything goes. `cover`: it holds the range it started with and is wider by
/// no more than the budget. `mse`: the group's mean squared error rises by no more than the budget.
enum class smoothing_guard : std::uint8_t { none, cover, mse };
KVT_CHOICE(smoothing_guard, "none", "cover", "mse");

/// Whom a mean takes in beside the group itself: groups on both sides, or only those before it, which is all that is
/// there when groups are quantized as they come (markov-smoothness 9 e).
enum class kernel_side : std::uint8_t { both, past };
KVT_CHOICE(kernel_side, "both", "past");

/// The weighted means of `x` over up to `window` neighbours (on either side), from the original values, so that order does
/// not matter, nor, with both sides, direction; equal values stay exactly equal (markov-smoothness 5.3).
[[nodiscard]] std::vector<double> kernel_means(std::span<double const> x, interpolation method, std::int64_t window,
                                               kernel_side neighbours = kernel_side::both);

/// Smooths lower and upper ends separately. Where the bounded score does not rise, the result is the start, with a note;
/// not so with `past` alone: what a group gets then depends on no later one, and the score may fall, which the note says.
/// With `mse` judged exactly or by a checked histogram, no group's stored error rises by more than the budget.
struct kernel_smoothing {
    static constexpr std::string_view name = "kernel_smoothing";
    interpolation method = interpolation::linear;
    std::int64_t window = 1;  ///< groups on a side, 1 to 20
    smoothing_guard guard = smoothing_guard::mse;
    std::optional<double> budget{};           ///< a share, 0 or more; null: 0.25 for `cover`, 0.01 for `mse`
    evaluation evaluate = evaluation::exact;  ///< of the `mse` guard
    std::int64_t bins = 0, sample = 65'536;   ///< of histograms, as in `evaluation_options`
    kernel_side neighbours = kernel_side::both;

    /// Throws `invalid_window_size`, `invalid_weight` (the budget), `invalid_group_size` (bins, sample).
    void check() const;
    [[nodiscard]] refined operator()(grouped_values const& tensor, std::span<value_range const> start) const;
};
KVT_RECORD(kernel_smoothing, method, window, guard, budget, evaluate, bins, sample, neighbours);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/kernel_smoothing.ipp>
#endif
