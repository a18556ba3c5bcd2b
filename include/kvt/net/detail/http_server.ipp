#pragma once

#include <kvt/core/json.hpp>
#include <kvt/net/detail/asio.ipp>
#include <kvt/net/http_server.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

namespace kvt::inline KVT_ABI::net {
namespace detail {

struct server_core;

/// One client's connection. All members belong to the event loop's thread, except while a handler runs: then they
/// belong to that handler, and the loop's coroutine waits for it.
struct server_peer : std::enable_shared_from_this<server_peer> {
    server_core* core;
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    server_request request;
    std::optional<http_reply> answer;
    unsigned version = 11;
    bool busy = false;       ///< from a request's first byte to the end of its answer
    bool keep = false;       ///< another request may follow
    bool streaming = false;  ///< `begin` was called
    bool gone = false;       ///< a write failed
    std::string unsent;      ///< what a streamed answer is writing

    server_peer(server_core* c, tcp::socket socket) : core{c}, stream{std::move(socket)} {}
};

using peer_ptr = std::shared_ptr<server_peer>;

/// The event loop (one thread, which owns every socket) and the workers that run handlers.
struct server_core {
    using timer = asio::steady_timer;  // named here for the coroutines' sake: see asio.ipp

    server_options options;
    request_handler handler;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    tcp::acceptor acceptor{io};
    asio::thread_pool workers;
    std::set<peer_ptr> peers;
    std::atomic<bool> stopping{false};  ///< written by the loop, read by workers too
    std::int64_t bound_port = 0;
    std::thread loop;
    std::promise<void> emptied;  ///< the last peer has left after `stopping`

    bool (*flush)(server_peer&);  ///< writes what is unsent and waits for it; a pointer, so that no responder names the
                                  ///< network's coroutines

    server_core(server_options o, request_handler h, bool (*f)(server_peer&))
        : options{std::move(o)}, handler{h},
          workers{static_cast<std::size_t>(std::clamp<std::int64_t>(options.threads, 1, 1024))}, flush{f} {}
};

/// An answer of the server's own, in the shape of OpenAI's errors, which is what its clients read.
inline http_reply own_reply(std::int64_t status, std::string const& text) {
    char const* const type = status < 500 ? "invalid_request_error" : "server_error";
    json const words = json::of({{"message", text}, {"type", type}, {"param", json{}}, {"code", json{}}});
    return {status, {{"Content-Type", "application/json"}}, dump(json::of({{"error", words}}))};
}

/// The answer to bytes that are no acceptable request; empty where none should be given.
inline std::optional<http_reply> refusal(error_code code) {
    if (code == http::error::header_limit || code == http::error::buffer_overflow)
        return own_reply(431, "request headers too large");
    if (code == http::error::body_limit) return own_reply(413, "request body too large");
    if (code == http::error::end_of_stream || code == http::error::partial_message) return std::nullopt;
    if (code.category() == http::make_error_code(http::error::bad_version).category())
        return own_reply(400, "not an HTTP request (" + words(code) + ")");
    return std::nullopt;
}

template <class Peer> asio::awaitable<void> send_answer(std::shared_ptr<Peer> peer) {
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    http::response<http::string_body> out;
    out.version(peer->version);
    out.result(static_cast<unsigned>(peer->answer->status));
    for (auto const& h : peer->answer->headers) out.insert(h.name, h.value);
    out.body() = std::move(peer->answer->body);
    out.keep_alive(peer->keep);
    out.prepare_payload();
    peer->stream.expires_after(spell(peer->core->options.write_timeout_s));
    co_await http::async_write(peer->stream, out, token);
    if (code) peer->keep = false;
}

/// Says no, then reads what is still coming for a moment, since closing at once could destroy the answer on its way.
template <class Peer> asio::awaitable<void> refuse(std::shared_ptr<Peer> peer, http_reply reply) {
    peer->answer = std::move(reply);
    peer->keep = false;
    auto sending = send_answer(peer);
    co_await std::move(sending);
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    peer->stream.socket().shutdown(tcp::socket::shutdown_send, code);
    peer->stream.expires_after(spell(2));
    auto const scrap = std::make_unique<char[]>(std::size_t{64} << 10);
    auto const bin = asio::buffer(scrap.get(), std::size_t{64} << 10);
    for (int rounds = 0; !code && rounds < 4096; ++rounds) co_await peer->stream.async_read_some(bin, token);
}

/// Reads one request; false where there is none and the connection is to be closed.
template <class Peer> asio::awaitable<bool> read_request(std::shared_ptr<Peer> peer, bool first) {
    auto const& options = peer->core->options;
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    if (!first && peer->buffer.size() == 0) {  // rest until the next request begins
        peer->stream.expires_after(spell(options.idle_timeout_s));
        auto const room = peer->buffer.prepare(4096);
        std::size_t const got = co_await peer->stream.async_read_some(room, token);
        if (code) co_return false;
        peer->buffer.commit(got);
    }
    peer->busy = true;
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(std::min<std::int64_t>(options.max_header_bytes, 1 << 30)));
    parser.body_limit(static_cast<std::uint64_t>(options.max_body_bytes));
    peer->stream.expires_after(spell(options.read_timeout_s));
    co_await http::async_read_header(peer->stream, peer->buffer, parser, token);
    if (!code && beast::iequals(parser.get()[http::field::expect], "100-continue")) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        auto const line = asio::buffer(go_on.data(), go_on.size());
        co_await asio::async_write(peer->stream, line, token);
    }
    if (!code) {
        peer->stream.expires_after(spell(options.read_timeout_s));
        co_await http::async_read(peer->stream, peer->buffer, parser, token);
    }
    if (code) {
        if (auto no = refusal(code)) {
            auto refusing = refuse(peer, *std::move(no));
            co_await std::move(refusing);
        }
        co_return false;
    }
    auto message = parser.release();
    std::string const target{message.target()};
    auto const mark = target.find('?');
    peer->version = message.version();
    peer->keep = message.keep_alive();
    peer->request = {std::string{message.method_string()}, target.substr(0, mark),
                     mark == std::string::npos ? std::string{} : target.substr(mark + 1), copy_headers(message),
                     std::move(message.body())};
    co_return true;
}

/// Runs the handler; this coroutine lives on a worker.
template <class Peer> asio::awaitable<void> handle(std::shared_ptr<Peer> peer, responder out) {
    try {
        if (peer->core->stopping) out.send(own_reply(503, "stopping"));  // it waited for a worker until the end
        else peer->core->handler(peer->request, out);
    } catch (...) {
        if (peer->streaming) peer->gone = true;  // nothing honest can be added to a half-sent answer
        else peer->answer = own_reply(500, "internal error");
    }
    if (!peer->answer && !peer->streaming) peer->answer = own_reply(500, "no answer");
    co_return;
}

/// Writes `unsent`; this coroutine lives on the event loop while a handler waits for it.
template <class Peer> asio::awaitable<bool> write_unsent(std::shared_ptr<Peer> peer) {
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    auto const bytes = asio::buffer(peer->unsent);
    peer->stream.expires_after(spell(peer->core->options.write_timeout_s));
    co_await asio::async_write(peer->stream, bytes, token);
    peer->gone = peer->gone || code;
    co_return !peer->gone;
}

/// The same, waited for by a handler's thread.
template <class Peer> bool flush(Peer& peer) {
    auto writing = write_unsent(peer.shared_from_this());
    return finish(peer.core->io, std::move(writing));
}

}  // namespace detail

struct server_access {
    static responder make(detail::server_peer* peer) { return responder{peer}; }
};

namespace detail {

template <class Peer> asio::awaitable<void> serve_peer(std::shared_ptr<Peer> peer) {
    for (bool first = true;; first = false) {
        auto reading = read_request(peer, first);
        bool const complete = co_await std::move(reading);
        if (!complete) break;
        peer->stream.expires_never();
        auto handling = handle(peer, server_access::make(peer.get()));
        auto worker = peer->core->workers.get_executor();
        auto wait = asio::use_awaitable;
        co_await asio::co_spawn(worker, std::move(handling), wait);
        if (peer->core->stopping) peer->keep = false;
        if (peer->streaming) {
            if (peer->version == 11 && !peer->gone) {
                peer->unsent = "0\r\n\r\n";
                auto writing = write_unsent(peer);
                co_await std::move(writing);
            }
            if (peer->version != 11 || peer->gone) break;
        } else {
            auto sending = send_answer(peer);
            co_await std::move(sending);
        }
        peer->busy = peer->streaming = false;
        peer->answer.reset();
        if (!peer->keep || peer->core->stopping) break;
    }
}

/// Takes the peer off the list when its coroutine is through.
struct peer_done {
    server_core* core;
    peer_ptr peer;
    void operator()(std::exception_ptr) const {
        error_code ignored;
        peer->stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
        peer->stream.close();
        core->peers.erase(peer);
        if (core->stopping && core->peers.empty()) core->emptied.set_value();
    }
};

template <class Core> asio::awaitable<void> accept_peers(Core* core) {
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    typename Core::timer pause{core->io};
    while (!core->stopping) {
        auto socket = co_await core->acceptor.async_accept(token);
        if (core->stopping || code == asio::error::operation_aborted) co_return;
        if (code) {  // out of file descriptors, or a client that left before it was accepted
            pause.expires_after(spell(0.05));
            co_await pause.async_wait(token);
            continue;
        }
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        auto peer = std::make_shared<server_peer>(core, std::move(socket));
        bool const full = static_cast<std::int64_t>(core->peers.size()) >= core->options.max_connections;
        core->peers.insert(peer);
        auto serving = full ? refuse(peer, own_reply(503, "too many connections")) : serve_peer(peer);
        launch(core->io, std::move(serving), peer_done{core, peer});
    }
}

/// On the event loop: no further peers; those without a request under way are closed.
inline void begin_stop(server_core* core) {
    core->stopping = true;
    error_code ignored;
    core->acceptor.close(ignored);
    if (core->peers.empty()) core->emptied.set_value();
    for (auto const& peer : core->peers)
        if (!peer->busy) peer->stream.cancel();
}

}  // namespace detail

struct http_server::state : detail::server_core {
    using server_core::server_core;
    bool stopped = false;
};

KVT_LAZY_DECL http_server::http_server(server_options options, request_handler handler) {
    using namespace detail;
    error_code code;
    auto const address = asio::ip::make_address(options.address, code);
    if (code) throw error{error_kind::usage, "server address", "\"" + options.address + "\" is not an IP address"};
    if (options.port < 0 || options.port > 65535)
        throw error{error_kind::usage, "server port", std::to_string(options.port) + " is none", "0 to 65535"};
    auto made = std::make_unique<state>(std::move(options), handler, &flush<server_peer>);
    tcp::endpoint const place{address, static_cast<unsigned short>(made->options.port)};
    made->acceptor.open(place.protocol(), code);
    if (!code) made->acceptor.set_option(asio::socket_base::reuse_address{true}, code);
    if (!code) made->acceptor.bind(place, code);
    if (!code) made->acceptor.listen(asio::socket_base::max_listen_connections, code);
    if (code)
        throw error{error_kind::io, made->options.address + ":" + std::to_string(made->options.port),
                    "cannot listen here: " + words(code)};
    made->bound_port = made->acceptor.local_endpoint().port();
    auto accepting = accept_peers(made.get());
    launch(made->io, std::move(accepting), asio::detached);
    made->loop = std::thread{[core = made.get()] { core->io.run(); }};
    state_ = made.release();
}

KVT_DECL http_server::~http_server() {
    stop();
    delete state_;
}

KVT_DECL void http_server::stop() {
    if (std::exchange(state_->stopped, true)) return;
    auto empty = state_->emptied.get_future();
    detail::asio::post(state_->io, [core = state_] { detail::begin_stop(core); });
    if (empty.wait_for(detail::spell(state_->options.stop_timeout_s)) != std::future_status::ready) {
        detail::asio::post(state_->io, [core = state_] {
            for (auto const& peer : core->peers) peer->stream.close();
        });
        empty.wait();  // handlers cannot be killed; their writes fail from here on
    }
    state_->work.reset();
    state_->workers.join();
    state_->loop.join();
}

KVT_DECL std::int64_t http_server::port() const { return state_->bound_port; }
KVT_DECL std::string http_server::url() const {
    auto const& address = state_->options.address;
    return "http://" + (address.find(':') == std::string::npos ? address : "[" + address + "]") + ":" +
           std::to_string(state_->bound_port);
}

KVT_DECL void responder::send(http_reply reply) {
    auto* peer = static_cast<detail::server_peer*>(peer_);
    if (!peer->streaming && !peer->answer) peer->answer = std::move(reply);
}
KVT_DECL bool responder::begin(std::int64_t status, headers fields) {
    auto* peer = static_cast<detail::server_peer*>(peer_);
    if (peer->streaming || peer->answer) return false;
    peer->streaming = true;
    detail::http::response<detail::http::empty_body> head;
    head.version(peer->version);
    head.result(static_cast<unsigned>(status));
    for (auto const& h : fields) head.insert(h.name, h.value);
    if (peer->version == 11) head.chunked(true);
    head.keep_alive(peer->keep && peer->version == 11);
    std::ostringstream text;
    text << head.base();
    peer->unsent = text.str();
    return peer->core->flush(*peer);
}
KVT_DECL bool responder::write(std::string_view piece) {
    auto* peer = static_cast<detail::server_peer*>(peer_);
    if (!peer->streaming || peer->gone) return false;
    if (piece.empty()) return true;
    peer->unsent.clear();
    if (peer->version == 11) {
        char size[24];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        peer->unsent += size;
    }
    peer->unsent += piece;
    if (peer->version == 11) peer->unsent += "\r\n";
    return peer->core->flush(*peer);
}
KVT_DECL bool responder::begun() const { return static_cast<detail::server_peer const*>(peer_)->streaming; }

}  // namespace kvt::inline KVT_ABI::net
