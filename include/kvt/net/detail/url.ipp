#pragma once

#include <kvt/net/url.hpp>

#include <charconv>

namespace kvt::inline KVT_ABI::net {
namespace detail {

KVT_DECL std::string lower_ascii(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// "host", "host:port", "[v6]" or "[v6]:port"; false where it is none of them.
KVT_DECL bool split_authority(std::string_view authority, url& out) {
    std::string_view port;
    bool has_port = false;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == std::string_view::npos) return false;
        auto const host = authority.substr(1, close - 1), rest = authority.substr(close + 1);
        if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
        if (!rest.empty() && rest.front() != ':') return false;
        out.host = lower_ascii(host);
        has_port = !rest.empty();
        if (has_port) port = rest.substr(1);
    } else {
        auto const colon = authority.find(':');
        has_port = colon != std::string_view::npos;
        if (has_port) port = authority.substr(colon + 1);
        auto const host = authority.substr(0, colon);
        if (host.find_first_of("[]@\\\"<>^`{|}%$&'()*+,;=!") != std::string_view::npos) return false;
        out.host = lower_ascii(host);
    }
    if (out.host.empty() || out.host.size() > 253) return false;
    if (!has_port || port.empty()) return true;
    auto const [end, code] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    return code == std::errc{} && end == port.data() + port.size() && out.port >= 1 && out.port <= 65535 &&
           port.front() != '-';
}

}  // namespace detail

KVT_DECL std::string url::authority() const {
    auto const name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (secure() ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

KVT_DECL std::optional<url> split_url(std::string_view text) {
    for (char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) return std::nullopt;
    auto const mark = text.find("://");
    if (mark == std::string_view::npos) return std::nullopt;
    url out;
    out.scheme = detail::lower_ascii(text.substr(0, mark));
    if (out.scheme != "http" && out.scheme != "https") return std::nullopt;
    out.port = out.secure() ? 443 : 80;
    auto rest = text.substr(mark + 3);
    rest = rest.substr(0, rest.find('#'));
    auto const end = rest.find_first_of("/?");
    if (!detail::split_authority(rest.substr(0, end), out)) return std::nullopt;
    if (end != std::string_view::npos) out.target = rest.substr(end);
    if (!out.target.starts_with('/')) out.target.insert(0, "/");
    return out;
}

KVT_DECL url parse_url(std::string_view text, std::string_view where) {
    if (auto found = split_url(text)) return *std::move(found);
    throw error{error_kind::malformed, std::string{where}, "\"" + std::string{text} + "\" is not a usable URL",
                "http://host[:port]/path or https://host[:port]/path"};
}

}  // namespace kvt::inline KVT_ABI::net
