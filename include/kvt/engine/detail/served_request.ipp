#pragma once

#include <kvt/engine/served_request.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

inline constexpr std::array<std::string_view, 11> served_keys{
    "model", "messages", "prompt",         "temperature", "max_tokens", "max_completion_tokens",
    "seed",  "stream",   "stream_options", "kv",          "ignore_eos"};
inline constexpr std::array<std::string_view, 8> harmless_keys{
    "user",     "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "parallel_tool_calls",
    "verbosity"};
inline constexpr std::array<std::string_view, 17> neutral_keys{"n",
                                                               "best_of",
                                                               "top_p",
                                                               "presence_penalty",
                                                               "frequency_penalty",
                                                               "logprobs",
                                                               "top_logprobs",
                                                               "echo",
                                                               "suffix",
                                                               "logit_bias",
                                                               "stop",
                                                               "tools",
                                                               "tool_choice",
                                                               "functions",
                                                               "function_call",
                                                               "response_format",
                                                               "reasoning_effort"};

[[noreturn]] KVT_DECL void refuse_key(std::string_view key, std::string const& problem,
                                      std::string const& expected = {}) {
    throw error{error_kind::usage, std::string{key}, problem, expected};
}

/// True where the value is what a server without the feature does anyway.
KVT_DECL bool is_neutral(std::string_view key, json const& value) {
    if (value.is_null() || value == json{false}) return true;
    if (value.is_number()) return value.real() == (key == "n" || key == "best_of" || key == "top_p" ? 1 : 0);
    if (value.is_text()) return value.text().empty() || value.text() == "none";
    if (key == "response_format" && value.is_object()) return value == json::of({{"type", "text"}});
    return (value.is_array() || value.is_object()) && value.size() == 0;
}

KVT_DECL void check_keys(json const& body) {
    auto const in = [](auto const& names, std::string_view key) {
        return std::ranges::find(names, key) != names.end();
    };
    for (auto const& [key, value] : body.members()) {
        if (in(served_keys, key) || in(harmless_keys, key)) continue;
        if (in(neutral_keys, key)) {
            if (!is_neutral(key, value)) refuse_key(key, "this server does not support " + dump(value).substr(0, 60));
            continue;
        }
        if (key.starts_with("kv_"))
            refuse_key(key, "unknown key", "the cache is asked for as \"kv\": {\"policy\": ..., \"budget\": ...}");
        auto const near = nearest_name(key, served_keys);
        refuse_key(key.substr(0, 80), "unknown key" + (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
    }
}

/// A value of the named type, or absent where the key is missing or null.
KVT_DECL json const* typed(json const& body, std::string_view key, bool (json::*is)() const, char const* expected) {
    auto const* found = body.find(key);
    if (found == nullptr || found->is_null()) return nullptr;
    if (!(found->*is)()) refuse_key(key, "found " + std::string{found->type_name()}, expected);
    return found;
}

KVT_DECL std::string message_content(json const& content, std::string const& where) {
    if (content.is_text()) return content.text();
    if (!content.is_array())
        refuse_key(where, "found " + std::string{content.type_name()}, "a string or a list of text parts");
    std::string out;
    for (auto const& part : content.items()) {
        auto const* kind = part.find("type");
        auto const* text = part.find("text");
        if (kind == nullptr || *kind != json{"text"} || text == nullptr || !text->is_text())
            refuse_key(where, "a part that is not text", "{\"type\": \"text\", \"text\": ...}");
        out += text->text();
    }
    return out;
}

KVT_DECL std::vector<message> read_messages(json const& body) {
    auto const* list = typed(body, "messages", &json::is_array, "a list of messages");
    if (list == nullptr || list->size() == 0) refuse_key("messages", "is missing or empty", "a list of messages");
    std::vector<message> out;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto const where = "messages[" + std::to_string(i) + "]";
        auto const& item = list->items()[i];
        if (!item.is_object())
            refuse_key(where, "found " + std::string{item.type_name()}, "a mapping with role and content");
        for (auto const& [key, value] : item.members())
            if (key != "role" && key != "content" && key != "name")
                refuse_key(where + "." + key.substr(0, 80), "unknown key");
        auto const* role = item.find("role");
        static constexpr std::array<std::string_view, 4> roles{"system", "developer", "user", "assistant"};
        if (role == nullptr || !role->is_text() || std::ranges::find(roles, role->text()) == roles.end())
            refuse_key(where + ".role", role == nullptr ? "is missing" : "found " + dump(*role).substr(0, 60),
                       "system, developer, user or assistant");
        auto const* content = item.find("content");
        if (content == nullptr) refuse_key(where + ".content", "is missing", "a string");
        out.push_back({role->text(), message_content(*content, where + ".content")});
    }
    return out;
}

KVT_DECL void read_decoding(json const& body, request& into) {
    if (auto const* t = typed(body, "temperature", &json::is_number, "a number >= 0")) {
        if (!(t->real() >= 0 && std::isfinite(t->real())))
            refuse_key("temperature", dump(*t) + " is out of range", "a number >= 0");
        into.temperature = t->real();
    }
    for (auto const* key : {"max_tokens", "max_completion_tokens"})
        if (auto const* m = typed(body, key, &json::is_integer, "an integer >= 1")) {
            if (m->integer() < 1) refuse_key(key, dump(*m) + " is out of range", "an integer >= 1");
            into.max_tokens = m->integer();
        }
    if (auto const* s = typed(body, "seed", &json::is_integer, "an integer")) into.seed = s->integer();
    if (auto const* e = typed(body, "ignore_eos", &json::is_bool, "true or false")) into.ignore_eos = e->boolean();
}

}  // namespace detail

KVT_DECL served_request read_served_request(json const& body, api endpoint, std::string_view model) {
    if (!body.is_object())
        throw error{error_kind::malformed, "body", "found " + std::string{body.type_name()}, "a JSON object"};
    detail::check_keys(body);
    served_request out;
    out.ask.endpoint = endpoint;
    out.ask.model = model;
    if (auto const* name = detail::typed(body, "model", &json::is_text, "a string");
        name != nullptr && name->text() != model)
        throw error{error_kind::missing, "model", "\"" + name->text().substr(0, 100) + "\" is not served here",
                    std::string{model}};
    if (endpoint == api::chat) {
        if (body.find("prompt") != nullptr) detail::refuse_key("prompt", "does not belong to chat", "messages");
        out.ask.messages = detail::read_messages(body);
    } else {
        if (body.find("messages") != nullptr)
            detail::refuse_key("messages", "does not belong to completions", "prompt");
        auto const* prompt = detail::typed(body, "prompt", &json::is_text, "a string");
        if (prompt == nullptr) detail::refuse_key("prompt", "is missing", "a string");
        out.ask.prompt = prompt->text();
    }
    detail::read_decoding(body, out.ask);
    if (auto const* stream = detail::typed(body, "stream", &json::is_bool, "true or false");
        stream != nullptr && stream->boolean())
        out.how = delivery::streamed;
    if (auto const* options = detail::typed(body, "stream_options", &json::is_object, "a mapping"))
        if (auto const* usage = detail::typed(*options, "include_usage", &json::is_bool, "true or false"))
            out.asks_usage = usage->boolean();
    if (auto const* kv = detail::typed(body, "kv", &json::is_object, "a mapping"))
        out.receipt = read_kv_body(*kv, out.ask);
    auto const size = static_cast<std::int64_t>(endpoint == api::completions ? out.ask.prompt.size()
                                                                             : out.ask.messages.back().content.size());
    if (out.ask.question_bytes > size)
        detail::refuse_key("kv.question_bytes",
                           std::to_string(out.ask.question_bytes) + " is more than the prompt has");
    return out;
}

}  // namespace kvt::inline KVT_ABI::engine
