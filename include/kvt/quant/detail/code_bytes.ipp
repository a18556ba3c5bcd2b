// Codes one a byte, and the same side by side in bytes: the only place that knows how they lie.
#pragma once

#include <kvt/quant/detail/kernels.ipp>

#include <span>

namespace kvt::inline KVT_ABI::quant::detail {

/// One code into its place, the other codes of its byte left alone.
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

/// Codes `first .. first + codes.size() - 1` of `bytes` become `codes`.
inline void place_all(std::span<std::uint8_t const> codes, std::int32_t bits, std::span<std::uint8_t> bytes,
                      std::size_t first, kernel_set const& kernels) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    std::size_t i = 0;
    for (; i < codes.size() && (first + i) % per_byte != 0; ++i) place(codes[i], bits, bytes, first + i);
    auto const whole = (codes.size() - i) / per_byte * per_byte;
    if (whole > 0) kernels.pack(codes.data() + i, whole, bits, bytes.data() + (first + i) / per_byte);
    for (i += whole; i < codes.size(); ++i) place(codes[i], bits, bytes, first + i);
}
/// The other way.
inline void take_all(std::span<std::uint8_t const> bytes, std::int32_t bits, std::size_t first,
                     std::span<std::uint8_t> codes, kernel_set const& kernels) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    std::size_t i = 0;
    for (; i < codes.size() && (first + i) % per_byte != 0; ++i) codes[i] = code_at(bytes, bits, first + i);
    auto const whole = (codes.size() - i) / per_byte * per_byte;
    if (whole > 0) kernels.unpack(bytes.data() + (first + i) / per_byte, whole, bits, codes.data() + i);
    for (i += whole; i < codes.size(); ++i) codes[i] = code_at(bytes, bits, first + i);
}

/// Codes that are made, packed, unpacked or measured before they leave the first cache.
inline constexpr std::size_t code_block = 4096;
static_assert(sum_piece % code_block == 0 && code_block % 8 == 0);

/// Calls `f(codes, at, count)` with one code a byte for `count` codes from code `first` on, block by block; where a code is
/// a byte, with those themselves.
template <class F>
void each_unpacked(std::span<std::uint8_t const> bytes, std::int32_t bits, std::size_t first, std::size_t count,
                   kernel_set const& kernels, F&& f) {
    alignas(64) std::uint8_t held[code_block];
    for (std::size_t at = 0; at < count; at += code_block) {
        auto const n = count - at < code_block ? count - at : code_block;
        if (bits != 8) take_all(bytes, bits, first + at, {held, n}, kernels);
        f(bits == 8 ? bytes.data() + first + at : held, at, n);
    }
}

}  // namespace kvt::inline KVT_ABI::quant::detail
