// pack: b-bit codes side by side in bytes, little end first.
#pragma once

#include <kvt/quant/affine.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Bytes that `count` codes take: `ceil(count * bits / 8)`.
[[nodiscard]] constexpr std::size_t packed_bytes(std::size_t count, std::int32_t bits) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    return count / per_byte + (count % per_byte == 0 ? 0 : 1);
}

/// Code k of a byte takes its bits `b*k .. b*k + b-1`; the unused high bits of the last byte are 0 (markov-smoothness 1.5).
/// Throws `invalid_bit_width`, and `code_out_of_range` naming the first code outside `0..2^b - 1`.
[[nodiscard]] std::vector<std::uint8_t> pack(std::span<std::int32_t const> codes, std::int32_t bits);

/// Codes `first .. first + count - 1`. Throws `invalid_bit_width`, and `length_mismatch` where there are fewer.
[[nodiscard]] std::vector<std::int32_t> unpack(std::span<std::uint8_t const> bytes, std::size_t count,
                                               std::int32_t bits, std::size_t first = 0);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/pack.ipp>
#endif
