#pragma once

#include <kvt/core/printable.hpp>

namespace kvt::inline KVT_ABI {

namespace detail {

/// Whether the three bytes at `text` are a character that turns the direction of writing.
KVT_DECL bool turns_direction(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xE2') return false;
    auto const last = static_cast<unsigned char>(text[2]);
    return (text[1] == '\x80' && last >= 0xAA && last <= 0xAE) || (text[1] == '\x81' && last >= 0xA6 && last <= 0xA9);
}

}  // namespace detail

KVT_DECL std::string printable(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    auto const escape = [&](char c) {
        auto const byte = static_cast<unsigned char>(c);
        (out += "\\x") += digits[byte >> 4];
        out += digits[byte & 15];
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c == '\n' || c == '\r') out += ' ';
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) escape(c);
        else if (detail::turns_direction(text.substr(i))) escape(c), escape(text[i + 1]), escape(text[i + 2]), i += 2;
        else out += c;
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI
