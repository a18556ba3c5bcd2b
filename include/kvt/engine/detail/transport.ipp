#pragma once

#include <kvt/engine/transport.hpp>
#include <kvt/net/url.hpp>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL std::string normalise_base_url(std::string_view base_url) {
    auto const end = base_url.find_last_not_of('/');
    std::string base{base_url.substr(0, end == std::string_view::npos ? 0 : end + 1)};
    return base.ends_with("/v1") ? base : base + "/v1";
}

KVT_DECL std::string endpoint_url(std::string_view base_url, api endpoint) {
    return normalise_base_url(base_url) + (endpoint == api::chat ? "/chat/completions" : "/completions");
}

KVT_DECL bool is_openai_host(std::string_view base_url) {
    auto const parts = net::split_url(base_url);
    return parts && (parts->host == "api.openai.com" || parts->host == "api.openai.com.");
}

KVT_DECL request fit_for_host(request r, std::string_view base_url) {
    if (is_openai_host(base_url)) r.extra_body = {}, r.extra_body_budget = budget_sent::no;
    return r;
}

namespace detail {

/// The name in `{name}` at `at`, or empty where no name stands in braces there.
KVT_DECL std::string_view name_in_braces(std::string_view text, std::size_t at) {
    auto const close = text.find('}', at);
    if (text[at] != '{' || close == std::string_view::npos) return {};
    auto const name = text.substr(at + 1, close - at - 1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        char const c = name[i];
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '.'))) return {};
    }
    return name;
}

KVT_DECL json template_value(std::string_view name, template_values const& values, std::string_view where) {
    if (name == "kv_budget" || name == "kv.budget") return values.kv_budget;
    if (name == "kv_policy" || name == "kv.policy") return values.kv_policy;
    if (name == "run_id") return values.run_id;
    if (name == "model") return values.model;
    if (name == "seed") return values.seed ? json{*values.seed} : json{};
    throw error{error_kind::usage, std::string{where}, "unknown template {" + std::string{name} + "}",
                "one of {kv_budget}, {kv_policy}, {run_id}, {model}, {seed}"};
}

KVT_DECL json expand_text(std::string_view text, template_values const& values, std::string_view where) {
    if (text.starts_with('{'))
        if (auto const name = name_in_braces(text, 0); !name.empty() && name.size() + 2 == text.size())
            return template_value(name, values, where);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const name = text[at] == '{' ? name_in_braces(text, at) : std::string_view{};
        if (name.empty()) {
            out += text[at++];
            continue;
        }
        auto const value = template_value(name, values, where);
        out += value.is_text() ? value.text() : dump(value);
        at += name.size() + 2;
    }
    return out;
}

KVT_DECL json expand_tree(json const& tree, template_values const& values, std::string const& where) {
    if (tree.is_text()) return expand_text(tree.text(), values, where);
    if (tree.is_array()) {
        json::array items;
        for (std::size_t i = 0; i < tree.size(); ++i)
            items.push_back(expand_tree(tree.items()[i], values, where + "[" + std::to_string(i) + "]"));
        return items;
    }
    if (!tree.is_object()) return tree;
    json::object members;
    for (auto const& [key, value] : tree.members())
        members.emplace_back(key, expand_tree(value, values, where + "." + key));
    return members;
}

}  // namespace detail

KVT_DECL json expand_templates(json const& extra_body, template_values const& values, std::string_view where) {
    if (!extra_body.is_object()) return json::object{};
    return detail::expand_tree(extra_body, values, std::string{where});
}

KVT_DECL bool sends_budget(json const& extra_body) {
    if (extra_body.is_text()) {
        auto const& text = extra_body.text();
        return text.find("{kv_budget}") != std::string::npos || text.find("{kv.budget}") != std::string::npos;
    }
    if (extra_body.is_array())
        for (auto const& item : extra_body.items())
            if (sends_budget(item)) return true;
    if (extra_body.is_object())
        for (auto const& [key, value] : extra_body.members())
            if (sends_budget(value)) return true;
    return false;
}

KVT_DECL void put_extra_body(request& into, json const& templates, template_values const& values) {
    into.extra_body = expand_templates(templates, values);
    into.extra_body_budget = templates.is_object() && sends_budget(templates) ? budget_sent::yes : budget_sent::no;
}

}  // namespace kvt::inline KVT_ABI::engine
