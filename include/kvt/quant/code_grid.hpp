// code_grid: which whole numbers a quantizer's codes can be, and how they lie in b bits.
#pragma once

#include <kvt/quant/affine.hpp>

namespace kvt::inline KVT_ABI::quant {

/// Codes `low..high`; stored as the lower `bits` bits of two's complement.
struct code_grid {
    std::int32_t bits = 8, low = 0, high = 255;

    /// 0 .. 2^b - 1.
    [[nodiscard]] static code_grid unsigned_codes(std::int32_t bits) {
        return check_bits(bits), code_grid{bits, 0, top_code(bits)};
    }
    /// -2^(b-1) .. 2^(b-1) - 1.
    [[nodiscard]] static code_grid signed_codes(std::int32_t bits) {
        check_bits(bits);
        return {bits, -(1 << (bits - 1)), (1 << (bits - 1)) - 1};
    }

    /// `round((x - offset) / scale)`, halves away from zero, not yet limited; 0 where `scale` is 0.
    [[nodiscard]] static double unlimited(affine const& a, double x) {
        return a.scale == 0 ? 0 : std::round((x - a.offset) / a.scale);
    }
    /// The code of a value; of none at all (NaN) the lowest.
    [[nodiscard]] std::int32_t encode(affine const& a, double x) const {
        double const code = unlimited(a, x);
        return !(code > low) ? low : code >= high ? high : static_cast<std::int32_t>(code);
    }
    [[nodiscard]] std::uint8_t stored(std::int32_t code) const {
        return static_cast<std::uint8_t>(code & top_code(bits));
    }
    [[nodiscard]] std::int32_t read(std::uint8_t stored) const { return stored > high ? stored - (1 << bits) : stored; }
};
KVT_RECORD(code_grid, bits, low, high);

}  // namespace kvt::inline KVT_ABI::quant
