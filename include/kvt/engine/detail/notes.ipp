#pragma once

#include <kvt/engine/notes.hpp>
#include <kvt/text/utf8.hpp>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL json cut_strings(json const& value, std::size_t most) {
    if (value.is_text()) {
        auto const head = kvt::text::first(value.text(), most);
        if (head.size() == value.text().size()) return value;
        return std::string{head} + "...[truncated]";
    }
    if (value.is_array()) {
        json::array items;
        for (auto const& item : value.items()) items.push_back(cut_strings(item, most));
        return items;
    }
    if (!value.is_object()) return value;
    json::object members;
    for (auto const& [key, item] : value.members()) members.emplace_back(key, cut_strings(item, most));
    return members;
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

KVT_DECL std::string redact(std::string text, std::string_view secret) {
    static constexpr std::string_view mark = "<redacted>";
    if (secret.size() < 8) return text;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mark.size()))
        text.replace(at, secret.size(), mark);
    return text;
}

}  // namespace kvt::inline KVT_ABI::engine
