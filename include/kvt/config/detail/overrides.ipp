#pragma once

#include <kvt/config/detail/environment.ipp>
#include <kvt/config/overrides.hpp>
#include <kvt/config/yaml.hpp>
#include <kvt/core/trim.hpp>

namespace kvt::inline KVT_ABI::config {
namespace detail {

inline json override_value(std::string_view text, std::string const& where) {
    auto const bare = trim(text);
    if (bare.empty() || std::string_view{"[{\"'"}.find(bare.front()) == std::string_view::npos)
        return resolve_scalar(bare);
    try {
        return parse_yaml(bare, "value");
    } catch (error const& problem) {
        throw error{error_kind::usage, where, problem.problem(), "a scalar or a list such as [1.0, 0.5]"};
    }
}

inline void set_override(json& into, std::string const& argument) {
    auto const where = "--override " + argument.substr(0, argument.find('='));
    auto const equals = argument.find('=');
    if (equals == argument.npos) throw error{error_kind::usage, where, "no value", "KEY=VALUE"};
    json* at = &into;
    std::string_view key{argument.data(), equals};
    for (bool more = true; more;) {
        auto const dot = key.find('.');
        auto const part = key.substr(0, dot);
        if (part.empty()) throw error{error_kind::usage, where, "an empty part in the key", "SECTION.KEY=VALUE"};
        if (!at->is_object())
            throw error{error_kind::usage, where,
                        "goes below an earlier override that is " + std::string{at->type_name()}};
        more = dot != key.npos;
        if (more) key.remove_prefix(dot + 1);
        auto* next = at->find(part);
        bool const fresh = next == nullptr;
        at = &(*at)[part];
        if (more && fresh) *at = json::object{};
    }
    *at = override_value(std::string_view{argument}.substr(equals + 1), where);
}

}  // namespace detail

KVT_DECL json parse_overrides(std::span<std::string const> arguments) {
    json all = json::object{};
    for (auto const& argument : arguments) detail::set_override(all, argument);
    return all;
}

}  // namespace kvt::inline KVT_ABI::config
