// symmetric: codes on both sides of an exact zero.
#pragma once

#include <kvt/quant/quantizer.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

/// `scale = max|x| / m` with `m = 2^(b-1) - 1`, offset 0, codes limited to `-m-1..m` (markov-smoothness 1.3). Zero is held
/// exactly; with two bits the grid is {-1, 0, 1}, and -2 goes unused.
struct symmetric {
    static constexpr std::string_view name = "symmetric";
    std::int32_t bits = 8;

    void check() const { check_bits(bits); }
    [[nodiscard]] code_grid grid() const { return code_grid::signed_codes(bits); }
    [[nodiscard]] affine parameters(value_range r) const {
        return {std::max(std::abs(r.lo), std::abs(r.hi)) / ((1 << (bits - 1)) - 1), 0};
    }
};
KVT_RECORD(symmetric, bits);

}  // namespace kvt::inline KVT_ABI::quant
