#pragma once

#include <kvt/config/hash.hpp>
#include <kvt/core/hash.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::config {
namespace detail {

inline std::string folded(std::string_view key, bool hyphens) {
    std::string out{key};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
        if (hyphens && c == '-') c = '_';
    }
    return out;
}

KVT_DECL json without_secrets(json const& value, bool hyphens) {
    if (value.is_array()) {
        json::array items;
        for (auto const& item : value.items()) items.push_back(without_secrets(item, hyphens));
        return items;
    }
    if (!value.is_object()) return value;
    json::object members;
    for (auto const& [key, item] : value.members())
        members.emplace_back(key, is_secret_key(folded(key, hyphens)) ? json{redacted_value}
                                                                      : without_secrets(item, hyphens));
    return members;
}

KVT_DECL json without_notes(json config) {
    if (config.is_object())
        std::erase_if(config.members(), [](json::member const& m) { return m.first.starts_with('_'); });
    return config;
}

}  // namespace detail

KVT_DECL bool is_secret_key(std::string_view key) {
    static constexpr std::string_view whole[] = {"api_key", "authorization", "password",
                                                 "secret",  "token",         "access_token"};
    static constexpr std::string_view ends[] = {"_api_key", "_secret", "_password", "_token"};
    auto const low = detail::folded(key, false);
    return std::any_of(std::begin(whole), std::end(whole), [&](auto word) { return low == word; }) ||
           std::any_of(std::begin(ends), std::end(ends), [&](auto end) { return low.ends_with(end); });
}

KVT_DECL bool is_secret_variable(std::string_view name) {
    auto const low = detail::folded(name, false);
    return low.find("key") != low.npos || low.find("token") != low.npos || low.find("secret") != low.npos ||
           low.find("password") != low.npos;
}

KVT_DECL json without_secrets(json const& value) { return detail::without_secrets(value, true); }
KVT_DECL json redacted(json const& config) { return detail::without_notes(detail::without_secrets(config, false)); }
KVT_DECL json printable(json const& config) { return detail::without_notes(detail::without_secrets(config, true)); }
KVT_DECL std::string config_hash(json const& config) {
    return sha256_hex(dump(redacted(config), json_style::canonical), 24);
}

}  // namespace kvt::inline KVT_ABI::config
