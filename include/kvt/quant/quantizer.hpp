// quantizer: from a range to the parameters of a uniform grid of codes.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/quant/code_grid.hpp>

namespace kvt::inline KVT_ABI::quant {

/// A policy that says which codes there are and which numbers they stand for; encoding, decoding and measuring
/// (quant/encode.hpp, quant/error_sums.hpp) follow from these for all of them.
/// * `q.bits`: 2, 4 or 8; `q.check()` throws `invalid_bit_width`.
/// * `q.grid()`: the codes.
/// * `q.parameters(range)`: scale and offset with which no value of the range is off by more than half a scale; a range
///   without width that the grid can hold exactly gets scale 0 or reconstructs to itself.
/// Satisfied by `asymmetric` (here) and `symmetric`; laws: tests/laws/quantizer.hpp.
template <class Q> concept quantizer = record<Q> && named<Q> && requires(Q const& q, value_range r) {
    { q.bits } -> std::convertible_to<std::int32_t>;
    q.check();
    { q.grid() } -> std::same_as<code_grid>;
    { q.parameters(r) } -> std::same_as<affine>;
};

/// Bit-true asymmetric affine quantization (markov-smoothness 1.3): the range's lower end has code 0, the upper one the
/// largest code; a range without width has scale 0 and is held exactly.
struct asymmetric {
    static constexpr std::string_view name = "asymmetric";
    std::int32_t bits = 8;

    void check() const { check_bits(bits); }
    [[nodiscard]] code_grid grid() const { return code_grid::unsigned_codes(bits); }
    [[nodiscard]] affine parameters(value_range r) const { return affine::over(r, bits); }
};
KVT_RECORD(asymmetric, bits);

}  // namespace kvt::inline KVT_ABI::quant
