// smoothness: how evenly quantization parameters follow each other, and where they break: the headline metric.
#pragma once

#include <kvt/quant/affine.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// How large a scale jump is, whatever the threshold: above 0.5 high, above 0.3 medium, else low.
enum class severity : std::uint8_t { low, medium, high };
KVT_CHOICE(severity, "low", "medium", "high");
[[nodiscard]] constexpr severity severity_of(double scale_jump) {
    return scale_jump > 0.5 ? severity::high : scale_jump > 0.3 ? severity::medium : severity::low;
}

/// A boundary, between groups `boundary_idx` and `boundary_idx + 1`, whose scale jump exceeds the threshold.
struct violation {
    std::int64_t boundary_idx = 0;
    double scale_jump = 0;  ///< infinite where a scale of 0 is followed by another
    double zero_point_jump = 0;
    quant::severity severity = quant::severity::low;
};
KVT_RECORD(violation, boundary_idx, scale_jump, zero_point_jump, severity);

/// One entry a boundary, in order. Nothing to compare (no group, or one) scores 1. No violations: the sequence is valid.
struct smoothness {
    double score = 1;  ///< in [0, 1], at most the mean of the boundary scores
    std::vector<double> boundary_scores{}, scale_jumps{}, zero_point_jumps{};
    std::vector<violation> violations{};

    [[nodiscard]] bool valid() const { return violations.empty(); }
};
KVT_RECORD(smoothness, score, boundary_scores, scale_jumps, zero_point_jumps, violations);

/// The headline metric (markov-smoothness 2.1-2.6): a scale's jump relative to the group on the left, a zero point's in
/// units of `zero_point_norm`. It depends on the direction of the sequence and its jumps have no upper end; `bounded`
/// has neither weakness.
struct headline {
    static constexpr std::string_view name = "headline";
    double threshold = 0.3;        ///< in [0, 1]; a scale jump strictly above it violates
    double zero_point_norm = 255;  ///< `top_code(bits)` for parameters of that width

    /// Throws `invalid_smoothness_threshold`, or `invalid_zero_point` for a norm that is not positive and finite.
    void check() const;
    /// Throws `length_mismatch`, `invalid_scale` (negative or not finite), `invalid_zero_point` (not finite).
    [[nodiscard]] smoothness operator()(std::span<double const> scale, std::span<double const> zero_point) const;
    /// Of the parameters that `affine` makes of ranges, with the norm of that width in place of `zero_point_norm`: the
    /// same for every width. Throws `invalid_scale` for a range whose ends are not finite or in the wrong order.
    [[nodiscard]] smoothness operator()(std::span<value_range const> ranges, std::int32_t bits) const;
    /// The same rules on jumps that are known already (of a whole model, for instance).
    [[nodiscard]] smoothness from_jumps(std::vector<double> scale_jumps, std::vector<double> zero_point_jumps) const;
};
KVT_RECORD(headline, threshold, zero_point_norm);

/// The headline metric for parameters of a width.
[[nodiscard]] inline headline headline_for(std::int32_t bits, double threshold = 0.3) {
    check_bits(bits);
    return {threshold, static_cast<double>(top_code(bits))};
}

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/smoothness.ipp>
#endif
