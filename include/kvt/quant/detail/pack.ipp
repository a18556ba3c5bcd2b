#pragma once

#include <kvt/quant/detail/code_bytes.ipp>
#include <kvt/quant/pack.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::vector<std::uint8_t> pack(std::span<std::int32_t const> codes, std::int32_t bits) {
    check_bits(bits);
    std::vector<std::uint8_t> one_a_byte(codes.size()), bytes(packed_bytes(codes.size(), bits));
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (codes[i] < 0 || codes[i] > top_code(bits))
            throw quant_error{fault::code_out_of_range, "code " + std::to_string(i),
                              std::to_string(codes[i]) + " does not fit " + std::to_string(bits) + " bits",
                              "0 to " + std::to_string(top_code(bits))};
        one_a_byte[i] = static_cast<std::uint8_t>(codes[i]);
    }
    detail::place_all(one_a_byte, bits, bytes, 0, detail::kernels_for(best_instruction_set()));
    return bytes;
}

KVT_DECL std::vector<std::int32_t> unpack(std::span<std::uint8_t const> bytes, std::size_t count, std::int32_t bits,
                                          std::size_t first) {
    check_bits(bits);
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    if (first / per_byte > bytes.size() || bytes.size() * per_byte - first < count)
        throw quant_error{fault::length_mismatch, "packed codes",
                          std::to_string(bytes.size()) + " bytes hold fewer than " + std::to_string(count) + " codes"};
    std::vector<std::uint8_t> one_a_byte(count);
    detail::take_all(bytes, bits, first, one_a_byte, detail::kernels_for(best_instruction_set()));
    return {one_a_byte.begin(), one_a_byte.end()};
}

}  // namespace kvt::inline KVT_ABI::quant
