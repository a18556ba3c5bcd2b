#pragma once

#include <kvt/net/http.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kvt::inline KVT_ABI::net {
namespace detail {

KVT_DECL bool same_header(std::string_view a, std::string_view b) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

KVT_DECL bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    });
}

}  // namespace detail

KVT_DECL std::string const* find_header(headers const& list, std::string_view name) {
    auto const found =
        std::find_if(list.begin(), list.end(), [&](header const& h) { return detail::same_header(h.name, name); });
    return found == list.end() ? nullptr : &found->value;
}

KVT_DECL void set_header(headers& list, std::string name, std::string value) {
    auto const found =
        std::find_if(list.begin(), list.end(), [&](header const& h) { return detail::same_header(h.name, name); });
    if (found == list.end()) return void(list.push_back({std::move(name), std::move(value)}));
    *found = {std::move(name), std::move(value)};
    list.erase(std::remove_if(found + 1, list.end(),
                              [&](header const& h) { return detail::same_header(h.name, found->name); }),
               list.end());
}

KVT_DECL void check_headers(headers const& list) {
    for (auto const& h : list) {
        if (!detail::is_token(h.name))
            throw error{error_kind::usage, "HTTP header", "\"" + h.name + "\" is not a header name"};
        if (h.value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
            throw error{error_kind::usage, "HTTP header " + h.name, "its value holds a line break or NUL"};
    }
}

KVT_DECL std::optional<double> retry_after_seconds(std::string_view value) {
    auto const first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::nullopt;
    value = value.substr(first, value.find_last_not_of(" \t") - first + 1);
    double seconds = 0;
    auto const [end, code] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (code != std::errc{} || end != value.data() + value.size() || !std::isfinite(seconds) || seconds < 0)
        return std::nullopt;
    return seconds;
}

}  // namespace kvt::inline KVT_ABI::net
