#pragma once

#include <kvt/config/environment.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/core/trim.hpp>

#include <algorithm>
#include <cstdlib>

namespace kvt::inline KVT_ABI::config {
namespace detail {

/// Names of the placeholders in the text, from left to right.
inline std::vector<std::string> placeholders(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find("${"); at != text.npos;) {
        auto const end = text.find('}', at + 2);
        if (end == text.npos) break;
        if (end == at + 2) {
            at = text.find("${", at + 1);
            continue;
        }
        names.emplace_back(text.substr(at + 2, end - at - 2));
        at = text.find("${", end + 1);
    }
    return names;
}

inline void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

KVT_DECL void resolve_into(json& value, environment const& from, std::string const& key,
                           std::vector<unresolved_name>& left) {
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            resolve_into(value.items()[i], from, key + "[" + std::to_string(i) + "]", left);
    if (value.is_object())
        for (auto& [name, item] : value.members())
            resolve_into(item, from, key.empty() ? name : key + "." + name, left);
    if (!value.is_text()) return;
    auto const names = placeholders(value.text());
    if (names.empty()) return;
    auto text = value.text();
    for (auto const& name : names) {
        if (auto const found = from.find(name)) replace_all(text, "${" + name + "}", *found);
        else left.push_back({key, name});
    }
    value = std::move(text);
}

/// The value behind `=`: within its quotes, or up to a comment.
inline std::string dotenv_value(std::string_view text, std::string const& where) {
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) text = text.substr(0, i);
        return std::string{trim(text)};
    }
    auto const end = text.find(text.front(), 1);
    auto const rest = end == text.npos ? std::string_view{} : trim(text.substr(end + 1));
    if (end == text.npos || (!rest.empty() && rest.front() != '#'))
        throw error{error_kind::malformed, where, "a quoted value is not closed", "the same quote at the value's end"};
    return std::string{text.substr(1, end - 1)};
}

}  // namespace detail

KVT_DECL environment environment::of_process(std::string const& dotenv) {
    environment made{file_exists(dotenv) ? parse_dotenv(read_file(dotenv), dotenv) : variables{}};
    made.process_ = true;
    return made;
}

KVT_DECL std::optional<std::string> environment::find(std::string_view name) const {
    if (process_)
        if (char const* found = std::getenv(std::string{name}.c_str())) return found;
    auto const own = own_.find(name);
    return own == own_.end() ? std::nullopt : std::optional{own->second};
}

KVT_DECL std::vector<unresolved_name> resolve_environment(json& value, environment const& from) {
    std::vector<unresolved_name> left;
    detail::resolve_into(value, from, "", left);
    return left;
}

KVT_DECL bool has_placeholder(std::string_view text) { return !detail::placeholders(text).empty(); }

KVT_DECL variables parse_dotenv(std::string_view text, std::string_view where) {
    variables found;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        auto const end = std::min(text.find('\n'), text.size());
        auto line = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        if (line.starts_with("export ")) line = trim(line.substr(7));
        auto const at = std::string{where} + ":" + std::to_string(number);
        auto const equals = line.find('=');
        auto const name = trim(line.substr(0, equals));
        bool const good = equals != line.npos && !name.empty() && (name.front() < '0' || name.front() > '9') &&
                          std::all_of(name.begin(), name.end(), [](char c) {
                              return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
                          });
        if (!good) throw error{error_kind::malformed, at, "not a variable", "NAME=value"};
        found.insert_or_assign(std::string{name}, detail::dotenv_value(trim(line.substr(equals + 1)), at));
    }
    return found;
}

KVT_DECL void export_dotenv(std::string const& path) {
    if (!file_exists(path)) return;
    for (auto const& [name, value] : parse_dotenv(read_file(path), path)) ::setenv(name.c_str(), value.c_str(), 0);
}

}  // namespace kvt::inline KVT_ABI::config
