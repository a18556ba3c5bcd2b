// affine: b-bit codes for real numbers, x' = offset + code * scale.
#pragma once

#include <kvt/quant/fault.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::quant {

/// Throws `invalid_bit_width` unless 2, 4 or 8.
inline void check_bits(std::int64_t bits) {
    if (bits != 2 && bits != 4 && bits != 8)
        throw quant_error{fault::invalid_bit_width, "bit width " + std::to_string(bits), "not a width kvt can pack",
                          "2, 4 or 8"};
}
/// The largest code of a width: 2^b - 1.
[[nodiscard]] constexpr std::int32_t top_code(std::int32_t bits) { return (1 << bits) - 1; }

/// The lower and upper end of what a group can represent.
struct value_range {
    double lo = 0, hi = 0;

    [[nodiscard]] double width() const { return hi - lo; }
    [[nodiscard]] bool degenerate() const { return !(hi > lo); }
    friend bool operator==(value_range const&, value_range const&) = default;
};
KVT_RECORD(value_range, lo, hi);

/// The nearest binary32.
[[nodiscard]] inline double rounded_to_float(double x) {
    float const volatile narrow =
        static_cast<float>(x);  // GCC 12 drops the rounding where it vectorizes a pair of them
    return static_cast<double>(narrow);
}

/// A group's parameters. `scale` 0: every code is 0 and stands for `offset` (a degenerate group).
struct affine {
    double scale = 0, offset = 0;

    /// Bit-true asymmetric parameters (markov-smoothness 1.3): `offset = lo`, `scale = (hi - lo) / (2^b - 1)`. Zero is not
    /// forced into the range.
    [[nodiscard]] static affine over(value_range r, std::int32_t bits) {
        return {r.degenerate() ? 0 : r.width() / top_code(bits), r.lo};
    }
    /// In code units, real-valued, neither rounded nor clamped; 0 for a degenerate group.
    [[nodiscard]] double zero_point() const { return scale == 0 ? 0 : -offset / scale; }

    /// `clamp(round((x - offset) / scale), 0, top)`, halves away from zero; `top` from `top_code`.
    [[nodiscard]] std::int32_t encode(double x, std::int32_t top) const {
        if (scale == 0) return 0;
        double const code = std::round((x - offset) / scale);
        return code <= 0 ? 0 : code >= top ? top : static_cast<std::int32_t>(code);
    }
    /// `offset + code * scale` with one rounding, so that the bits do not depend on what a compiler fuses.
    [[nodiscard]] double decode(std::int32_t code) const { return std::fma(static_cast<double>(code), scale, offset); }
    /// As it is after being stored in 4 bytes (binary32) or 8.
    [[nodiscard]] affine stored(std::int32_t parameter_bytes) const {
        if (parameter_bytes != 4) return *this;
        return {rounded_to_float(scale), rounded_to_float(offset)};
    }
};
KVT_RECORD(affine, scale, offset);

}  // namespace kvt::inline KVT_ABI::quant
