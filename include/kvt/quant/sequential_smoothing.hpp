// sequential_smoothing: the published smoother, kept for comparison; it overwrites groups and is no default.
#pragma once

#include <kvt/quant/interpolation.hpp>
#include <kvt/quant/range_policy.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Boundary by boundary, in place, every group within the window becomes a blend of the boundary's two neighbours
/// (markov-smoothness 5.2). Groups further away than one step lose what was theirs: with the published window of 5, up to
/// six groups become blends of the first two. A tensor with a degenerate group is left alone.
struct sequential_smoothing {
    static constexpr std::string_view name = "sequential_smoothing";
    interpolation method = interpolation::linear;
    std::int64_t window = 5;  ///< groups on either side, 1 to 20

    void check() const { check_window(window); }
    [[nodiscard]] refined operator()(grouped_values const& tensor, std::span<value_range const> start) const;
    /// The same on scales and zero points, in place. Throws `length_mismatch`, `invalid_window_size`.
    void smooth(std::span<double> scale, std::span<double> zero_point) const;
};
KVT_RECORD(sequential_smoothing, method, window);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/sequential_smoothing.ipp>
#endif
