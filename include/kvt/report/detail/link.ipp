#pragma once

#include <kvt/report/plain_text.hpp>

namespace kvt::inline KVT_ABI::report::detail {

/// The address as it may stand in a link: percent-encoded, empty where it could run something or belongs to no scheme a
/// report needs.
KVT_DECL std::string link_target(std::string_view target) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    auto const colon = target.find(':');
    if (target.starts_with("//") || target.starts_with("\\") || target.empty()) return {};
    if (colon != target.npos && colon < target.find_first_of("/?#")) {
        std::string scheme;
        for (char c : target.substr(0, colon)) scheme += lower(c);
        if (scheme != "http" && scheme != "https") return {};
    }
    static constexpr std::string_view plain = "-._~:/?#@!$&*+,;=%";
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (char c : target) {
        bool const word = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
        if (word || plain.find(c) != plain.npos) out += c;
        else out += '%', out += hex[static_cast<unsigned char>(c) >> 4], out += hex[c & 15];
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::report::detail
