#pragma once

#include <kvt/engine/kv_body.hpp>
#include <kvt/engine/prompt_text.hpp>
#include <kvt/engine/wire.hpp>

#include <algorithm>
#include <array>

#include <unistd.h>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL json request_body(request const& r, api endpoint, kv_transport transport, delivery how) {
    json body = json::object{};
    if (!r.model.empty()) body["model"] = r.model;  // without a name, a server that has one model takes that
    if (endpoint == api::chat) {
        json::array messages;
        for (auto const& m : prompt_messages(r)) messages.push_back(to_json(m));
        body["messages"] = std::move(messages);
    } else {
        body["prompt"] = prompt_text(r);
    }
    body["temperature"] = r.temperature;
    body["max_tokens"] = r.max_tokens;
    if (r.seed) body["seed"] = *r.seed;
    if (how == delivery::streamed) {
        body["stream"] = true;
        body["stream_options"] = json::of({{"include_usage", true}});
    }
    if (transport == kv_transport::kv) body["kv"] = write_kv_body(r);
    if (r.extra_body.is_object())
        for (auto const& [key, value] : r.extra_body.members()) body[key] = value;
    return body;
}

KVT_DECL net::headers request_headers(json const& configured, std::string_view key) {
    net::headers out{{"Content-Type", "application/json"}};
    if (configured.is_object())
        for (auto const& [name, value] : configured.members()) {
            if (!value.is_text())
                throw error{error_kind::usage, "engine.headers." + name, "found " + std::string{value.type_name()},
                            "a string"};
            net::set_header(out, name, value.text());
        }
    if (!key.empty()) {
        std::erase_if(out, [](net::header const& h) { return net::find_header({h}, "Authorization") != nullptr; });
        out.push_back({"Authorization", "Bearer " + std::string{key}});
    }
    return out;
}

namespace detail {

/// Whether a configured header says nothing that is worth hiding.
KVT_DECL bool is_harmless_header(std::string const& name) {
    static constexpr std::array<std::string_view, 6> names{"Content-Type",    "Accept",     "Accept-Encoding",
                                                           "Accept-Language", "User-Agent", "Connection"};
    net::headers const one{{name, {}}};
    return std::ranges::any_of(names, [&](std::string_view n) { return net::find_header(one, n) != nullptr; });
}

KVT_DECL bool occurs_in(json const& value, std::string_view text) {
    if (value.is_text()) return value.text().find(text) != std::string::npos;
    if (value.is_array())
        return std::ranges::any_of(value.items(), [&](json const& item) { return occurs_in(item, text); });
    if (!value.is_object()) return false;
    return std::ranges::any_of(value.members(), [&](auto const& m) { return occurs_in(m.second, text); });
}

}  // namespace detail

KVT_DECL secret_list secrets_of(json const& configured, std::string_view key, json const& extra_body) {
    secret_list out;
    out.add(key);
    if (configured.is_object())
        for (auto const& [name, value] : configured.members()) {
            if (!value.is_text() || detail::is_harmless_header(name)) continue;
            std::string_view const text = value.text();
            out.add(text);
            if (auto const blank = text.find(' '); blank != std::string_view::npos) out.add(text.substr(blank + 1));
        }
    if (!extra_body.is_object()) return out;
    for (char const* const* variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        std::string_view const all{*variable}, name = all.substr(0, all.find('='));
        if (name.size() == all.size()) continue;
        auto const value = all.substr(name.size() + 1);
        bool const secret =
            name.ends_with("KEY") || name.ends_with("TOKEN") || name.ends_with("SECRET") || name.ends_with("PASSWORD");
        if (secret && !value.empty() && detail::occurs_in(extra_body, value)) out.add(value);
    }
    return out;
}

namespace detail {

KVT_DECL failure malformed(std::string const& why) {
    return {failure_kind::malformed, "malformed reply: " + why, {}, {}, 0};
}

KVT_DECL std::optional<std::string> text_in(json const& object, std::string_view key) {
    auto const* found = object.find(key);
    return found != nullptr && found->is_text() ? std::optional{found->text()} : std::nullopt;
}

KVT_DECL token_usage read_usage(json const& reply) {
    auto const* usage = reply.find("usage");
    token_usage out{count_in(usage, "prompt_tokens"), count_in(usage, "completion_tokens"),
                    count_in(usage, "total_tokens")};
    if (!out.total_tokens && out.prompt_tokens && out.completion_tokens)
        out.total_tokens = *out.prompt_tokens + *out.completion_tokens;
    return out;
}

/// The message in an error object of any of the usual shapes; empty where there is none.
KVT_DECL std::string error_message(json const& body) {
    for (auto const* key : {"error", "message", "detail"})
        if (auto const* found = body.find(key)) {
            if (found->is_text()) return one_line(found->text());
            if (auto inner = text_in(*found, "message")) return one_line(*inner);
            if (!found->is_null()) return one_line(dump(*found));
        }
    return {};
}

}  // namespace detail

KVT_DECL outcome read_reply(json reply, api endpoint, kv_request const& asked) {
    auto const* choices = reply.find("choices");
    if (choices == nullptr || !choices->is_array() || choices->size() == 0) {
        auto const said = detail::error_message(reply);
        return detail::malformed("no choices" + (said.empty() ? "" : "; the server said: " + said));
    }
    auto const& choice = choices->items().front();
    auto const* holder = endpoint == api::chat ? choice.find("message") : &choice;
    auto const* answer = holder != nullptr ? holder->find(endpoint == api::chat ? "content" : "text") : nullptr;
    response out;
    if (answer == nullptr) out.text = "";
    else if (answer->is_text()) out.text = answer->text();
    else if (!answer->is_null())
        return detail::malformed("the answer is " + std::string{answer->type_name()} + ", not text");
    out.finish_reason = detail::text_in(choice, "finish_reason");
    out.usage = detail::read_usage(reply);
    if (auto const model = detail::text_in(reply, "model")) out.notes["model"] = one_line(*model);
    if (auto const id = detail::text_in(reply, "id")) out.notes["response_id"] = one_line(*id);
    read_kv_echo(reply, asked, out);
    if (out.receipt) (*reply.find("kv"))["receipt"] = json::of({{"hash", out.receipt->hash}});  // it is kept by itself
    out.raw = std::move(reply);
    return out;
}

KVT_DECL std::string stream_reader::add(json const& chunk) {
    if (!chunk.is_object())
        throw error{error_kind::malformed, "", "a chunk of the stream is " + std::string{chunk.type_name()}};
    if (auto const* problem = chunk.find("error"); problem != nullptr && !problem->is_null())
        throw error{error_kind::work, "", "the server broke off: " + detail::error_message(chunk)};
    for (auto const& [key, value] : chunk.members())
        if (key != "choices" && !value.is_null()) rest_[key] = value;
    auto const* choices = chunk.find("choices");
    if (choices == nullptr || !choices->is_array()) return {};
    std::string added;
    for (auto const& choice : choices->items()) {
        if (auto const* index = choice.find("index"); index != nullptr && index->is_integer() && index->integer() != 0)
            continue;
        auto const* holder = endpoint_ == api::chat ? choice.find("delta") : &choice;
        if (holder != nullptr)
            if (auto const piece = detail::text_in(*holder, endpoint_ == api::chat ? "content" : "text"))
                added += *piece;
        if (auto const reason = detail::text_in(choice, "finish_reason")) finish_reason_ = *reason;
    }
    text_ += added;
    return added;
}

KVT_DECL json stream_reader::whole() const {
    json out = rest_;
    bool const chat = endpoint_ == api::chat;
    out["object"] = chat ? "chat.completion" : "text_completion";
    json choice = json::of({{"index", 0}});
    if (chat) choice["message"] = json::of({{"role", "assistant"}, {"content", text_}});
    else choice["text"] = text_;
    choice["finish_reason"] = finish_reason_;
    out["choices"] = json::list({std::move(choice)});
    return out;
}

KVT_DECL std::string error_words(std::string_view body) {
    auto const start = body.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return "an empty body";
    body.remove_prefix(start);
    if (body.front() == '<') {
        auto const title = body.find("<title>"), end = body.find("</title>");
        if (title == std::string_view::npos || end == std::string_view::npos || end < title) return "an HTML page";
        return "an HTML page, \"" + one_line(body.substr(title + 7, end - title - 7), 100) + "\"";
    }
    if (body.front() == '{') {
        try {
            if (auto words = detail::error_message(parse_json(body)); !words.empty()) return words;
        } catch (error const&) {  // half an object: shown as it is
        }
    }
    return one_line(body.substr(0, 2000));
}

}  // namespace kvt::inline KVT_ABI::engine
