// One pass over values: codes, their places in bytes, and their errors.
#pragma once

#include <kvt/quant/detail/kernels.ipp>
#include <kvt/quant/pack.hpp>

#include <algorithm>
#include <array>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

/// Codes that are made, packed and measured before their values leave the first cache.
inline constexpr std::size_t code_block = 4096;
static_assert(sum_piece % code_block == 0 && code_block % 8 == 0);

inline void check_room(std::size_t bytes, std::size_t first, std::size_t count, std::int32_t bits) {
    check_bits(bits);
    if (bytes < packed_bytes(first + count, bits))
        throw quant_error{fault::length_mismatch, "packed codes",
                          std::to_string(bytes) + " bytes for " + std::to_string(first + count) + " codes"};
}

/// One code a byte into its place, the other codes of its byte left alone.
inline void place(std::uint8_t code, std::int32_t bits, std::span<std::uint8_t> bytes, std::size_t at) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    auto const shift = static_cast<std::int32_t>(at % per_byte) * bits;
    auto& byte = bytes[at / per_byte];
    byte = static_cast<std::uint8_t>((byte & ~(top_code(bits) << shift)) | code << shift);
}
[[nodiscard]] inline std::uint8_t code_at(std::span<std::uint8_t const> bytes, std::int32_t bits, std::size_t at) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    return static_cast<std::uint8_t>(bytes[at / per_byte] >> (static_cast<std::int32_t>(at % per_byte) * bits) &
                                     top_code(bits));
}

inline void place_all(std::span<std::uint8_t const> codes, std::int32_t bits, std::span<std::uint8_t> bytes,
                      std::size_t first, kernel_set const& kernels) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    std::size_t i = 0;
    for (; i < codes.size() && (first + i) % per_byte != 0; ++i) place(codes[i], bits, bytes, first + i);
    auto const whole = (codes.size() - i) / per_byte * per_byte;
    if (whole > 0) kernels.pack(codes.data() + i, whole, bits, bytes.data() + (first + i) / per_byte);
    for (i += whole; i < codes.size(); ++i) place(codes[i], bits, bytes, first + i);
}

enum class wanted : std::uint8_t { codes, errors, both };

inline error_sums pass(wanted what, std::span<float const> values, affine const& parameters, code_grid const& grid,
                       std::span<std::uint8_t> bytes, std::size_t first, instruction_set set) {
    check_usable(set);
    if (what != wanted::errors) check_room(bytes.size(), first, values.size(), grid.bits);
    auto const& kernels = kernels_for(set);
    auto const rule = coding_rule::of(parameters, grid);
    alignas(64) std::array<std::uint8_t, code_block> buffer;
    bool const in_place = grid.bits == 8 && what != wanted::errors;
    error_sums total;
    for (std::size_t piece = 0; piece < values.size(); piece += sum_piece) {
        error_lanes lanes;
        auto const end = std::min(values.size(), piece + sum_piece);
        for (std::size_t at = piece; at < end; at += code_block) {
            auto const n = std::min(code_block, end - at);
            auto* const codes = in_place ? bytes.data() + first + at : buffer.data();
            lanes.clipped += kernels.code(values.data() + at, n, rule, codes);
            if (what != wanted::errors && !in_place) place_all({codes, n}, grid.bits, bytes, first + at, kernels);
            if (what != wanted::codes) kernels.measure(values.data() + at, codes, n, rule, lanes);
        }
        if (what != wanted::codes) total += lanes.sums();
    }
    return total;
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::quant
