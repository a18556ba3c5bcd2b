#pragma once

#include <kvt/engine/notes.hpp>
#include <kvt/text/utf8.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

/// The value with `f` of every string in place of it.
template <class F> [[nodiscard]] json map_strings(json const& value, F const& f) {
    if (value.is_text()) return f(value.text());
    if (value.is_array()) {
        json::array items;
        for (auto const& item : value.items()) items.push_back(map_strings(item, f));
        return items;
    }
    if (!value.is_object()) return value;
    json::object members;
    for (auto const& [key, item] : value.members()) members.emplace_back(key, map_strings(item, f));
    return members;
}

}  // namespace detail

KVT_DECL json cut_strings(json const& value, std::size_t most) {
    return detail::map_strings(value, [most](std::string const& text) {
        auto const head = kvt::text::first(text, most);
        return head.size() == text.size() ? text : std::string{head} + "...[truncated]";
    });
}

KVT_DECL std::string one_line(std::string_view foreign, std::size_t most) {
    std::string out;
    std::size_t taken = 0;
    for (std::size_t at = 0; at < foreign.size();) {
        auto const [value, size] = kvt::text::decode(foreign, at);
        at += size;
        bool const blank = value <= 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x2028 || value == 0x2029;
        if (blank && (out.empty() || out.back() == ' ')) continue;
        if (taken++ == most) return out + "...";
        if (blank) out += ' ';
        else kvt::text::append_utf8(out, value);
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

KVT_DECL void secret_list::add(std::string_view secret) {
    if (secret.size() < 8) return;
    auto const place = std::ranges::find_if(longest_first_, [&](auto const& s) { return s.size() < secret.size(); });
    longest_first_.emplace(place, secret);
}

KVT_DECL std::string secret_list::redact(std::string text) const {
    static constexpr std::string_view mark = "<redacted>";
    for (auto const& secret : longest_first_)
        for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mark.size()))
            text.replace(at, secret.size(), mark);
    return text;
}

KVT_DECL json secret_list::redact_strings(json const& value) const {
    return detail::map_strings(value, [this](std::string const& text) { return redact(text); });
}

}  // namespace kvt::inline KVT_ABI::engine
