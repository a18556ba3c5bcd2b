#pragma once

#include <kvt/quant/pack.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::vector<std::uint8_t> pack(std::span<std::int32_t const> codes, std::int32_t bits) {
    check_bits(bits);
    std::vector<std::uint8_t> bytes(packed_bytes(codes.size(), bits));
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (codes[i] < 0 || codes[i] > top_code(bits))
            throw quant_error{fault::code_out_of_range, "code " + std::to_string(i),
                              std::to_string(codes[i]) + " does not fit " + std::to_string(bits) + " bits",
                              "0 to " + std::to_string(top_code(bits))};
        auto& byte = bytes[i / per_byte];
        byte = static_cast<std::uint8_t>(byte | codes[i] << (static_cast<std::int32_t>(i % per_byte) * bits));
    }
    return bytes;
}

KVT_DECL std::vector<std::int32_t> unpack(std::span<std::uint8_t const> bytes, std::size_t count, std::int32_t bits,
                                          std::size_t first) {
    check_bits(bits);
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    if (first / per_byte > bytes.size() || bytes.size() * per_byte - first < count)
        throw quant_error{fault::length_mismatch, "packed codes",
                          std::to_string(bytes.size()) + " bytes hold fewer than " + std::to_string(count) + " codes"};
    std::vector<std::int32_t> codes(count);
    for (std::size_t i = 0; i < count; ++i)
        codes[i] = bytes[(first + i) / per_byte] >> (static_cast<std::int32_t>((first + i) % per_byte) * bits) &
                   top_code(bits);
    return codes;
}

}  // namespace kvt::inline KVT_ABI::quant
