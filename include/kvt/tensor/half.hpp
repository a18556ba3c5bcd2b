// half: 16-bit floating-point numbers, to float exactly and back to the nearest.
#pragma once

#include <kvt/version.hpp>

#include <bit>
#include <cstdint>

namespace kvt::inline KVT_ABI::tensor {

/// IEEE 754 binary16 to float: exact for every bit pattern, subnormals, signed zeros, infinities and NaN payloads alike.
[[nodiscard]] constexpr float from_f16(std::uint16_t half) {
    std::uint32_t const sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    std::uint32_t const exponent = half >> 10 & 0x1FU;
    std::uint32_t const fraction = half & 0x3FFU;
    if (exponent == 0) {  // zero or subnormal: fraction * 2^-24, a normal float
        auto const magnitude = std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24F);
        return std::bit_cast<float>(sign | magnitude);
    }
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000U | fraction << 13);
    return std::bit_cast<float>(sign | (exponent + 112U) << 23 | fraction << 13);
}

/// Upper half of a binary32: exact.
[[nodiscard]] constexpr float from_bf16(std::uint16_t half) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

/// The nearest binary16, ties to even; too large becomes infinity, NaN stays a (quiet) NaN.
[[nodiscard]] constexpr std::uint16_t to_f16(float value) {
    auto const bits = std::bit_cast<std::uint32_t>(value);
    auto const sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
    std::uint32_t const magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U | (magnitude >> 13 & 0x3FFU));
    if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);  // rounds past 65504
    if (magnitude < 0x33000000U) return sign;                                         // below half of 2^-24
    std::uint32_t const exponent = magnitude >> 23;
    // What lies right of the last kept bit: 13 bits of a normal half, more of a subnormal one.
    std::uint32_t const dropped = exponent >= 113 ? 13 : 126 - exponent;
    std::uint32_t const whole = exponent >= 113 ? magnitude - (112U << 23) : (magnitude & 0x7FFFFFU) | 0x800000U;
    std::uint32_t const kept = whole >> dropped;
    std::uint32_t const rest = whole & ((1U << dropped) - 1U);
    std::uint32_t const middle = 1U << (dropped - 1);
    return static_cast<std::uint16_t>(sign |
                                      (kept + (rest > middle || (rest == middle && (kept & 1U) != 0) ? 1U : 0U)));
}

/// The nearest bfloat16, ties to even; NaN stays a (quiet) NaN.
[[nodiscard]] constexpr std::uint16_t to_bf16(float value) {
    auto const bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return static_cast<std::uint16_t>(bits >> 16 | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16);
}

}  // namespace kvt::inline KVT_ABI::tensor
