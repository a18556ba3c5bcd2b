#pragma once

#include <kvt/config/hash.hpp>
#include <kvt/config/load.hpp>
#include <kvt/config/overrides.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::config {
namespace detail {

inline json mapping_of(document const& from) {
    if (from.value.is_null()) return json::object{};
    if (from.value.is_object()) return from.value;
    throw error{error_kind::malformed, from.path.empty() ? "configuration" : from.path,
                "the top level is " + std::string{from.value.type_name()}, "a mapping of sections"};
}

inline std::string line_of(document const& from, std::string const& key) {
    auto const found = from.lines.find(key);
    if (found == from.lines.end()) return from.path;
    return from.path + ":" + std::to_string(found->second);
}

/// Takes a key's value out, so that the record's default stands; an element of a list takes the whole list along.
inline void drop(json& config, std::string_view key) {
    key = key.substr(0, key.find('['));
    auto const dot = key.rfind('.');
    if (dot == key.npos) return void(config.erase(key));
    json* at = &config;
    for (auto rest = key.substr(0, dot); at != nullptr && !rest.empty();) {
        auto const next = rest.find('.');
        at = at->find(rest.substr(0, next));
        rest = next == rest.npos ? std::string_view{} : rest.substr(next + 1);
    }
    if (at != nullptr) at->erase(key.substr(dot + 1));
}

/// Drops what the typed records cannot hold: nulls where a default stands, sections and keys nobody knows.
KVT_DECL void keep_typed(json& value, field_type const& type) {
    if (!value.is_object()) return;
    std::erase_if(value.members(), [&](json::member& m) {
        auto const f =
            std::find_if(type.fields.begin(), type.fields.end(), [&](field const& x) { return x.name == m.first; });
        if (f == type.fields.end()) return true;
        if (f->type->kind == field_kind::record) keep_typed(m.second, *f->type);
        return m.second.is_null() && f->type->kind != field_kind::tree && f->type->kind != field_kind::optional;
    });
}

/// Redacts values that a variable named like a secret went into.
KVT_DECL void hide_secret_variables(json& shown, json const& written) {
    if (written.is_text()) {
        auto const names = placeholders(written.text());
        if (std::any_of(names.begin(), names.end(), [](auto const& name) { return is_secret_variable(name); }))
            shown = std::string{redacted_value};
    } else if (written.is_array()) {
        for (std::size_t i = 0; i < written.size(); ++i) hide_secret_variables(shown.items()[i], written.items()[i]);
    } else if (written.is_object()) {
        for (auto const& [key, value] : written.members()) hide_secret_variables(*shown.find(key), value);
    }
}

/// Headers carry keys under any name.
KVT_DECL void hide_headers(json& shown) {
    auto* engine = shown.find("engine");
    auto* headers = engine != nullptr ? engine->find("headers") : nullptr;
    if (headers != nullptr && headers->is_object())
        for (auto& [name, value] : headers->members()) value = std::string{redacted_value};
}

inline bool below(std::string_view key, std::string_view top) {
    return key.starts_with(top) && (key.size() == top.size() || key[top.size()] == '.' || key[top.size()] == '[');
}

}  // namespace detail

KVT_DECL std::string loaded::where(std::string_view key) const {
    for (auto at = key; !at.empty();) {
        if (auto const found = origin.find(at); found != origin.end()) return found->second;
        auto const cut = at.find_last_of(".[");
        at = cut == at.npos ? std::string_view{} : at.substr(0, cut);
    }
    return {};
}

KVT_DECL void loaded::require_valid() const {
    if (errors.empty()) return;
    auto first = errors.front();
    if (errors.size() > 1) first.problem += " (and " + std::to_string(errors.size() - 1) + " more)";
    throw first.as_error();
}

KVT_DECL void loaded::require_valid(std::initializer_list<std::string_view> keys) const {
    require_valid();
    for (auto const& found : optional)
        if (std::any_of(keys.begin(), keys.end(), [&](auto key) { return detail::below(found.key, key); }))
            throw found.as_error();
}

KVT_DECL std::vector<std::string> loaded::warnings() const {
    std::vector<std::string> lines;
    for (auto const& found : advice) lines.push_back(found.line());
    for (auto const& found : optional) lines.push_back(found.line());
    for (auto const& left : unresolved) {
        auto const at = where(left.key);
        lines.push_back((at.empty() ? "" : at + ": ") + left.key + ": the environment variable " + left.name +
                        " is not set");
    }
    return lines;
}

KVT_DECL std::string loaded::printed() const { return dump_yaml(shown); }
KVT_DECL std::string loaded::hash() const { return config_hash(resolved); }

KVT_DECL loaded load_documents(document const& defaults, document const& experiment,
                               std::vector<std::string> const& overrides, environment const& env) {
    loaded out;
    out.resolved = json::object{};
    auto const from = [](document const& d) {
        return [&d](std::string const& key) { return detail::line_of(d, key); };
    };
    merge(out.resolved, detail::mapping_of(defaults), out.origin, from(defaults));
    merge(out.resolved, detail::mapping_of(experiment), out.origin, from(experiment));
    merge(out.resolved, parse_overrides(overrides), out.origin,
          [](std::string const&) { return std::string{"override"}; });
    auto const written = out.resolved;
    out.unresolved = resolve_environment(out.resolved, env);
    out.shown = out.resolved;
    detail::hide_secret_variables(out.shown, written);
    detail::hide_headers(out.shown);
    out.shown = printable(out.shown);
    out.errors = validate(out.resolved);
    out.optional = validate_optional(out.resolved);
    out.advice = advise(out.resolved);
    for (auto* list : {&out.errors, &out.optional, &out.advice})
        for (auto& found : *list) found.where = out.where(found.key);
    for (auto& found : out.errors)
        if (found.where.empty()) found.where = experiment.path;
    if (!out.errors.empty()) return out;
    auto typed = out.resolved;
    for (auto const& wrong : out.optional) detail::drop(typed, wrong.key);
    detail::keep_typed(typed, type_of<config::settings>());
    out.settings = from_json<config::settings>(typed, "");
    return out;
}

KVT_DECL loaded load(std::string const& default_path, std::string const& experiment_path,
                     std::vector<std::string> const& overrides, environment const& env) {
    auto const defaults = read_yaml_file(default_path);
    auto const experiment = experiment_path.empty() ? document{} : read_yaml_file(experiment_path);
    return load_documents(defaults, experiment, overrides, env);
}

}  // namespace kvt::inline KVT_ABI::config
