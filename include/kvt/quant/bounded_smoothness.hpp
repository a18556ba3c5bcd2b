// bounded: the smoothness metric without a direction and without an unbounded jump, shown beside the headline.
#pragma once

#include <kvt/quant/affine.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// One entry a boundary, in order, every one in [0, 1]; the score is the mean of the boundary scores, 1 where there are
/// none.
struct bounded_result {
    double score = 1;
    std::vector<double> boundary_scores{}, scale_jumps{}, offset_jumps{};
};
KVT_RECORD(bounded_result, score, boundary_scores, scale_jumps, offset_jumps);

/// Jumps of scale and offset relative to the larger of the two neighbours (markov-smoothness 2.9). The same for a
/// sequence and its reverse, for data multiplied by a positive constant, and for every bit width.
struct bounded {
    static constexpr std::string_view name = "bounded";

    /// `lo` is the offset of a group in data units. Throws `length_mismatch`, `invalid_scale` (negative or not finite),
    /// `non_finite_input` (an offset), `invalid_bit_width`.
    [[nodiscard]] bounded_result operator()(std::span<double const> scale, std::span<double const> lo,
                                            std::int32_t bits) const;
    /// Of the ranges themselves, whose widths are `scale * (2^b - 1)`.
    [[nodiscard]] bounded_result operator()(std::span<value_range const> ranges) const;
    /// The score of jumps that are known already, each in [0, 1].
    [[nodiscard]] bounded_result from_jumps(std::vector<double> scale_jumps, std::vector<double> offset_jumps) const;
};
KVT_EMPTY_RECORD(bounded);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/bounded_smoothness.ipp>
#endif
