// UTF-8 as code points and back; every byte sequence has a defined reading.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::text {

/// What ill-formed bytes read as.
inline constexpr char32_t replacement_character = 0xFFFD;

/// A code point and how many bytes it took.
struct code_point {
    char32_t value;
    std::uint32_t size;
};

namespace detail {

/// Length of a sequence by its lead byte (0: never a lead), and the bounds of its second byte (Unicode 14, table 3-7).
struct utf8_lead {
    std::uint32_t size, low, high;
};
[[nodiscard]] constexpr utf8_lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xC2) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte < 0xF0) return {3, byte == 0xE0 ? 0xA0U : 0x80U, byte == 0xED ? 0x9FU : 0xBFU};
    if (byte < 0xF5) return {4, byte == 0xF0 ? 0x90U : 0x80U, byte == 0xF4 ? 0x8FU : 0xBFU};
    return {0, 0, 0};
}

}  // namespace detail

/// The code point that starts at `at` (less than the text's size). Ill-formed bytes read as U+FFFD, one for each maximal
/// part of a well-formed sequence (Unicode 14, section 3.9), so that at least one byte is always taken.
[[nodiscard]] constexpr code_point decode(std::string_view text, std::size_t at) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char const first = byte(at);
    if (first < 0x80) return {first, 1};
    auto const lead = detail::lead_of(first);
    if (lead.size == 0) return {replacement_character, 1};
    char32_t value = first & (0x7FU >> lead.size);
    for (std::uint32_t i = 1; i < lead.size; ++i) {
        if (at + i >= text.size()) return {replacement_character, i};
        unsigned char const next = byte(at + i);
        bool const fits = i == 1 ? next >= lead.low && next <= lead.high : (next & 0xC0U) == 0x80U;
        if (!fits) return {replacement_character, i};
        value = value << 6 | (next & 0x3FU);
    }
    return {value, lead.size};
}

/// Appends a code point; surrogates and values above U+10FFFF become U+FFFD.
constexpr void append_utf8(std::string& out, char32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = replacement_character;
    auto const put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) put(0xC0U | c >> 6);
    else if (c < 0x10000) put(0xE0U | c >> 12), put(0x80U | (c >> 6 & 0x3FU));
    else put(0xF0U | c >> 18), put(0x80U | (c >> 12 & 0x3FU)), put(0x80U | (c >> 6 & 0x3FU));
    put(0x80U | (c & 0x3FU));
}

/// Number of code points; ill-formed bytes count as `decode` reads them.
[[nodiscard]] constexpr std::size_t length(std::string_view text) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < text.size(); i += decode(text, i).size) ++n;
    return n;
}

/// The first `n` code points, or all of them.
[[nodiscard]] constexpr std::string_view first(std::string_view text, std::size_t n) {
    std::size_t i = 0;
    for (; i < text.size() && n > 0; --n) i += decode(text, i).size;
    return text.substr(0, i);
}

/// Whether the bytes are well-formed UTF-8.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const [value, size] = decode(text, i);
        // A real U+FFFD takes three bytes and starts with EF.
        if (value == replacement_character && (size != 3 || static_cast<unsigned char>(text[i]) != 0xEFU)) return false;
        i += size;
    }
    return true;
}

}  // namespace kvt::inline KVT_ABI::text
