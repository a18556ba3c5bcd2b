#pragma once

#include <kvt/engine/served_request.hpp>
#include <kvt/engine/server.hpp>
#include <kvt/net/sse.hpp>
#include <kvt/text/utf8.hpp>

#include <atomic>
#include <ctime>
#include <memory>
#include <optional>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

/// Well-formed text: what is ill-formed becomes U+FFFD, since JSON cannot carry it.
KVT_DECL std::string well_formed(std::string_view text) {
    if (kvt::text::is_utf8(text)) return std::string{text};
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const [value, size] = kvt::text::decode(text, at);
        kvt::text::append_utf8(out, value);
        at += size;
    }
    return out;
}

/// How many bytes at the front of `text` end with a complete character.
KVT_DECL std::size_t complete_characters(std::string_view text) {
    for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        auto const byte = static_cast<unsigned char>(text[text.size() - back]);
        if (byte < 0x80) break;
        if (byte < 0xC0) continue;
        auto const needs = byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U;
        return needs > back ? text.size() - back : text.size();
    }
    return text.size();
}

KVT_DECL net::http_reply json_reply(std::int64_t status, json const& body) {
    return {status, {{"Content-Type", "application/json"}}, dump(body)};
}

KVT_DECL json error_object(std::string const& message, std::string_view type, json param = {}, json code = {}) {
    return json::of({{"error", json::of({{"message", well_formed(message)},
                                         {"type", std::string{type}},
                                         {"param", std::move(param)},
                                         {"code", std::move(code)}})}});
}

/// Misuse as the client's fault, everything else as the server's.
KVT_DECL net::http_reply refusal(error const& e) {
    if (e.kind() == error_kind::work || e.kind() == error_kind::io)
        return json_reply(500, error_object(e.what(), "server_error"));
    bool const model = e.kind() == error_kind::missing && e.where() == "model";
    return json_reply(model ? 404 : 400, error_object(e.what(), "invalid_request_error",
                                                      e.where().empty() ? json{} : json{well_formed(e.where())},
                                                      model ? json{"model_not_found"} : json{}));
}

KVT_DECL net::http_reply failure_reply(failure const& f) {
    switch (f.kind) {
        case failure_kind::timeout: return json_reply(504, error_object(f.message, "server_error"));
        case failure_kind::refused: return json_reply(400, error_object(f.message, "invalid_request_error"));
        case failure_kind::http: {
            auto const status = f.http_status.value_or(502);
            return json_reply(status >= 400 && status < 600 ? status : 502, error_object(f.message, "server_error"));
        }
        default: return json_reply(502, error_object(f.message, "server_error"));
    }
}

KVT_DECL json usage_object(token_usage const& usage) {
    json out = json::object{};
    auto const put = [&](char const* key, std::optional<std::int64_t> count) {
        if (count) out[key] = *count;
    };
    put("prompt_tokens", usage.prompt_tokens);
    put("completion_tokens", usage.completion_tokens);
    auto total = usage.total_tokens;
    if (!total && usage.prompt_tokens && usage.completion_tokens)
        total = *usage.prompt_tokens + *usage.completion_tokens;
    put("total_tokens", total);
    return out;
}

/// One answer on its way out, whole or in chunks.
struct answer_writer {
    served_request const& asked;
    net::responder& out;
    std::string id, model;
    std::int64_t created = static_cast<std::int64_t>(std::time(nullptr));
    std::string held{};     ///< the beginning of a character whose rest has not come
    std::size_t taken = 0;  ///< bytes of the answer that have come

    bool chat() const { return asked.ask.endpoint == api::chat; }
    json frame(char const* object) const {
        return json::of({{"id", id}, {"object", object}, {"created", created}, {"model", model}});
    }
    json chunk(json delta, json finish_reason) const {
        json choice = json::of({{"index", 0}});
        if (chat()) choice["delta"] = std::move(delta);
        else choice["text"] = delta.is_object() ? json{""} : std::move(delta);
        choice["logprobs"] = json{};
        choice["finish_reason"] = std::move(finish_reason);
        json out_chunk = frame(chat() ? "chat.completion.chunk" : "text_completion");
        out_chunk["choices"] = json::list({std::move(choice)});
        return out_chunk;
    }
    bool send(json const& data) const { return out.write(net::format_sse(dump(data))); }
    bool begin() const {
        if (out.begun()) return true;
        if (!out.begin(200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-cache"}})) return false;
        return !chat() || send(chunk(json::of({{"role", "assistant"}, {"content", ""}}), {}));
    }
    /// A piece of the answer's text; also the token sink.
    bool operator()(std::string_view piece) {
        taken += piece.size();
        held += piece;
        auto const whole = complete_characters(held);
        if (whole == 0) return true;
        auto const text = well_formed(std::string_view{held}.substr(0, whole));
        held.erase(0, whole);
        return begin() && send(chunk(chat() ? json::of({{"content", text}}) : json{text}, {}));
    }
    void whole(response const& r) const {
        auto const text = r.text ? json{well_formed(*r.text)} : json{};
        json choice = json::of({{"index", 0}});
        if (chat()) choice["message"] = json::of({{"role", "assistant"}, {"content", text}});
        else choice["text"] = text;
        choice["logprobs"] = json{};
        choice["finish_reason"] = r.finish_reason ? json{*r.finish_reason} : json{};
        json body = frame(chat() ? "chat.completion" : "text_completion");
        body["choices"] = json::list({std::move(choice)});
        body["usage"] = usage_object(r.usage);
        body["kv"] = write_kv_echo(asked.ask, r, asked.receipt);
        out.send(json_reply(200, body));
    }
    void finish(response const& r) {
        if (r.text && r.text->size() > taken) (*this)(std::string_view{*r.text}.substr(taken));
        if (!held.empty()) {
            auto const rest = well_formed(std::exchange(held, {}));
            if (!begin() || !send(chunk(chat() ? json::of({{"content", rest}}) : json{rest}, {}))) return;
        }
        if (!begin()) return;
        json last = chunk(json::object{}, r.finish_reason ? json{*r.finish_reason} : json{"stop"});
        last["kv"] = write_kv_echo(asked.ask, r, asked.receipt);
        send(last);
        if (asked.asks_usage) {
            json counts = frame(chat() ? "chat.completion.chunk" : "text_completion");
            counts["choices"] = json::array{};
            counts["usage"] = usage_object(r.usage);
            send(counts);
        }
        out.write(net::format_sse("[DONE]"));
    }
    /// No answer: a status where nothing has gone out yet, else an event.
    void fail(net::http_reply reply) const {
        if (!out.begun()) return out.send(std::move(reply));
        out.write(net::format_sse(reply.body));
    }
};

/// Answers every request of one server.
struct served_engine {
    engine_view e;
    run_context& context;
    std::string model;
    std::atomic<std::int64_t> answers{0};

    served_engine(engine_view view, run_context& c, std::string name)
        : e{std::move(view)}, context{c}, model{name.empty() ? e.who.model : std::move(name)} {}

    void operator()(net::server_request const& request, net::responder& out) {
        try {
            route(request, out);
        } catch (error const& bad) {
            out.send(refusal(bad));
        }
    }
    void route(net::server_request const& request, net::responder& out) {
        bool const chat = request.path == "/v1/chat/completions";
        if (chat || request.path == "/v1/completions") {
            if (!allowed(request, out, "POST")) return;
            return complete(request.body, chat ? api::chat : api::completions, out);
        }
        if (request.path == "/health") {
            if (allowed(request, out, "GET")) out.send(json_reply(200, health()));
        } else if (request.path == "/v1/models") {
            if (allowed(request, out, "GET")) out.send(json_reply(200, models()));
        } else {
            out.send(
                json_reply(404, error_object("unknown path; this server has /v1/chat/completions, /v1/completions, "
                                             "/v1/models and /health",
                                             "invalid_request_error")));
        }
    }
    static bool allowed(net::server_request const& request, net::responder& out, std::string const& method) {
        if (request.method == method) return true;
        auto reply = json_reply(405, error_object(request.method.substr(0, 20) + " is not allowed here; use " + method,
                                                  "invalid_request_error"));
        reply.headers.push_back({"Allow", method});
        out.send(std::move(reply));
        return false;
    }
    json health() const {
        return json::of({{"status", "ok"},
                         {"engine", e.who.engine},
                         {"model", model},
                         {"evidence", name_of(e.proves)},
                         {"version", KVT_VERSION}});
    }
    json models() const {
        json one = json::of({{"id", model},
                             {"object", "model"},
                             {"created", 0},
                             {"owned_by", "kvt"},
                             {"evidence", name_of(e.proves)},
                             {"hash", e.who.model_hash}});
        return json::of({{"object", "list"}, {"data", json::list({std::move(one)})}});
    }
    void complete(std::string const& body, api endpoint, net::responder& out) {
        auto const asked = read_served_request(parse_json(body, "body"), endpoint, model);
        auto const id = (endpoint == api::chat ? "chatcmpl-kvt-" : "cmpl-kvt-") + std::to_string(++answers);
        answer_writer writer{asked, out, id, model};
        try {
            auto const given = asked.how == delivery::streamed && e.stream != nullptr
                                   ? e.stream(e.object, context, asked.ask, writer)
                                   : e.generate(e.object, context, asked.ask);
            if (auto const* bad = std::get_if<failure>(&given)) writer.fail(failure_reply(*bad));
            else if (asked.how == delivery::streamed) writer.finish(std::get<response>(given));
            else writer.whole(std::get<response>(given));
        } catch (error const& bad) {
            writer.fail(refusal(bad));
        } catch (std::exception const&) {
            writer.fail(json_reply(500, error_object("internal error", "server_error")));
        }
    }
};

}  // namespace detail

struct server::state {
    detail::served_engine engine;
    run_context const& context;
    std::unique_ptr<net::http_server> http{};

    state(engine_view e, run_context& c, std::string model) : engine{std::move(e), c, std::move(model)}, context{c} {}
};

KVT_LAZY_DECL void server::start(engine_view e, run_context& context, serve_options options) {
    auto made = std::make_unique<state>(std::move(e), context, std::move(options.model));
    made->http = std::make_unique<net::http_server>(std::move(options.http), made->engine);
    state_ = made.release();
}
KVT_DECL server::~server() { delete state_; }
KVT_DECL std::int64_t server::port() const { return state_->http->port(); }
KVT_DECL std::string server::url() const { return state_->http->url(); }
KVT_DECL void server::stop() { state_->http->stop(); }
KVT_DECL void server::wait() const {
    while (!state_->context.stop_requested()) state_->context.sleep(0.2);
}

}  // namespace kvt::inline KVT_ABI::engine
