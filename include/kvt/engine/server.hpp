// An OpenAI-compatible server over any engine.
#pragma once

#include <kvt/engine/engine.hpp>
#include <kvt/net/http_server.hpp>

#include <string>

namespace kvt::inline KVT_ABI::engine {

struct serve_options {
    net::server_options http{};
    std::string model{};  ///< the name it is served under; empty: the engine's own
};
KVT_RECORD(serve_options, http, model);

/// An engine without its type.
struct engine_view {
    void const* object = nullptr;
    outcome (*generate)(void const*, run_context&, request const&) = nullptr;
    outcome (*stream)(void const*, run_context&, request const&, token_sink) = nullptr;  ///< null: cannot stream
    identity who{};
    evidence proves = evidence::none;
};

template <engine E> [[nodiscard]] engine_view view_of(E const& e) {
    engine_view out{.object = &e, .who = e.describe(), .proves = e.proves()};
    out.generate = [](void const* object, run_context& context, request const& r) {
        return static_cast<E const*>(object)->generate(context, r);
    };
    if constexpr (streaming_engine<E>)
        out.stream = [](void const* object, run_context& context, request const& r, token_sink sink) {
            return static_cast<E const*>(object)->generate(context, r, sink);
        };
    return out;
}

/// Serves from construction to destruction, on loopback unless the options say otherwise:
///
///     POST /v1/chat/completions, POST /v1/completions   whole or streamed (`"stream": true`)
///     GET  /v1/models, GET /health
///
/// Bodies are read by `read_served_request`. `"kv": {"policy": "snapkv", "budget": 0.2, "receipt": "full"}` asks for
/// a cache; the reply's `kv` says what was applied and how it is proven (engine/kv_body.hpp). Refusals have OpenAI's
/// shape, `{"error": {"message", "type", "param", "code"}}`, with one line that says what would have been right: 400
/// bad body or unknown policy, 404 unknown path or model, 405 wrong method, 413 and 431 too large, 500 and 502 the
/// engine failed, 504 it took too long. An engine that cannot stream sends its whole text as one piece when it has
/// it.
class server {
  public:
    /// `e` and `context` must outlive the server.
    template <engine E> server(E const& e, run_context& context, serve_options options = {}) {
        start(view_of(e), context, std::move(options));
    }
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    [[nodiscard]] std::int64_t port() const;
    [[nodiscard]] std::string url() const;  ///< what clients take as base URL
    void stop();
    /// Returns once the context is asked to stop.
    void wait() const;

  private:
    KVT_LAZY void start(engine_view e, run_context& context, serve_options options);
    struct state;
    state* state_ = nullptr;
};

/// Serves until the context is asked to stop. `ready` is told the URL first.
template <engine E>
void serve(E const& e, run_context& context, serve_options options, function_view<void(std::string const&)> ready) {
    server running{e, context, std::move(options)};
    ready(running.url());
    running.wait();
}

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/server.ipp>
#endif
