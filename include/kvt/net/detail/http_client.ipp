#pragma once

#include <kvt/net/detail/asio.ipp>
#include <kvt/net/detail/tls.ipp>
#include <kvt/net/http_client.hpp>

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>

namespace kvt::inline KVT_ABI::net {
namespace detail {

using tls_stream = beast::ssl_stream<beast::tcp_stream>;

/// A connection with an event loop of its own, so that it can rest between calls and be taken up by any thread.
struct connection {
    using resolver = tcp::resolver;  // named here for the coroutines' sake: see asio.ipp
    using timer = asio::steady_timer;

    asio::io_context io{1};
    std::unique_ptr<beast::tcp_stream> plain;
    std::unique_ptr<tls_stream> secure;
    beast::flat_buffer buffer;
    std::string key;  ///< what it may be reused for
    clock::time_point idle_since{};

    beast::tcp_stream& socket() { return secure ? beast::get_lowest_layer(*secure) : *plain; }
    /// True where the other side has neither closed nor said anything since.
    bool quiet() {
        char byte = 0;
        auto const got = ::recv(socket().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && buffer.size() == 0;
    }
};

/// One call on its way.
struct client_call {
    http_request const& request;
    client_options const& options;
    body_sink const* sink;
    url target;
    clock::time_point connect_by, finish_by;
    std::string_view step = "looking up the host";
    http_reply reply;
    std::optional<http_failure> failure;
    bool keep = false;  ///< the connection may serve another call

    std::string place() const { return target.host + ":" + std::to_string(target.port); }
    void fail(http_failure_kind kind, std::string const& problem) {
        static constexpr std::string_view prefix[] = {"timed out: ", "network error: ", "malformed reply: "};
        if (!failure) failure = {kind, std::string{prefix[static_cast<int>(kind)]} + place() + ": " + problem};
    }
    void fail_late() {
        char limit[32];
        std::snprintf(limit, sizeof limit, "%g s",
                      connecting() ? std::min(options.connect_timeout_s, options.timeout_s) : options.timeout_s);
        fail(http_failure_kind::timeout, "no end after " + std::string{limit} + " while " + std::string{step});
    }
    bool connecting() const {
        return step.starts_with("looking") || step.starts_with("connecting") || step.starts_with("TLS");
    }
    /// True where `code` is an error, which is then noted.
    bool failed(error_code code) {
        if (!code) return false;
        if (code == beast::error::timeout || code == asio::error::timed_out ||
            (code == asio::error::operation_aborted && clock::now() >= (connecting() ? connect_by : finish_by))) {
            fail_late();
        } else if (code == http::error::end_of_stream || (code == asio::error::eof && step.starts_with("waiting"))) {
            fail(http_failure_kind::network, "connection closed before a reply came");
        } else if (code == http::error::partial_message || code == asio::error::eof ||
                   code == asio::ssl::error::stream_truncated) {
            fail(http_failure_kind::network, "connection closed in the middle of the reply");
        } else if (code == http::error::body_limit) {
            fail(http_failure_kind::malformed,
                 "its body is larger than " + std::to_string(options.max_body_bytes) + " bytes");
        } else if (code == http::error::header_limit || code == http::error::buffer_overflow) {
            fail(http_failure_kind::malformed,
                 "its headers are larger than " + std::to_string(options.max_header_bytes) + " bytes");
        } else if (code.category() == http::make_error_code(http::error::bad_version).category()) {
            fail(http_failure_kind::malformed, "not HTTP (" + words(code) + ")");
        } else {
            fail(http_failure_kind::network, words(code) + " while " + std::string{step});
        }
        return true;
    }
};

struct cancel_lookup {
    tcp::resolver* resolver;
    void operator()(error_code code) const {
        if (!code) resolver->cancel();
    }
};

template <class Connection> asio::awaitable<void> open_connection(Connection* c, client_call* call) {
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    typename Connection::resolver resolver{c->io};
    tcp::resolver::results_type places;
    auto const port = static_cast<unsigned short>(call->target.port);
    error_code no_address;
    auto const address = asio::ip::make_address(call->target.host, no_address);
    if (!no_address) {
        places =
            tcp::resolver::results_type::create(tcp::endpoint{address, port}, call->target.host, std::to_string(port));
    } else {
        typename Connection::timer timer{c->io, call->connect_by};
        timer.async_wait(cancel_lookup{&resolver});
        std::string const service = std::to_string(port);
        places = co_await resolver.async_resolve(call->target.host, service, token);
        timer.cancel();
        if (call->failed(code)) co_return;
    }
    call->step = "connecting";
    c->socket().expires_at(call->connect_by);
    co_await c->socket().async_connect(places, token);
    if (call->failed(code)) co_return;
    error_code ignored;
    c->socket().socket().set_option(tcp::no_delay{true}, ignored);
    if (!c->secure) co_return;
    call->step = "TLS handshake";
    auto* native = c->secure->native_handle();
    expect_host(native, call->target.host);
    co_await c->secure->async_handshake(asio::ssl::stream_base::client, token);
    if (code && code != beast::error::timeout)
        call->fail(http_failure_kind::network, "ssl handshake failed: " + handshake_words(native, code));
    call->failed(code);
}

inline http::request<http::string_body> wire_request(client_call const& call) {
    auto const& request = call.request;
    http::request<http::string_body> out;
    out.version(11);
    out.method_string(request.method);
    out.target(call.target.target);
    out.set(http::field::host, call.target.authority());
    out.set(http::field::user_agent, "kvt/" KVT_VERSION);
    for (auto const& h : request.headers) out.set(h.name, h.value);
    out.body() = request.body;
    out.prepare_payload();
    return out;
}

/// Hands on a piece of the body; false ends the exchange.
inline bool take_piece(client_call* call, std::string_view piece) {
    if (call->sink == nullptr || call->reply.status / 100 != 2) {
        call->reply.body += piece;
    } else if (!piece.empty() && !(*call->sink)(piece)) {
        call->fail(http_failure_kind::network, "connection closed by the receiver of the reply");
        return false;
    }
    return true;
}

template <class Connection, class Stream>
asio::awaitable<void> receive(Connection* c, Stream* stream, client_call* call) {
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    auto const header_limit =
        static_cast<std::uint32_t>(std::min<std::int64_t>(call->options.max_header_bytes, 1 << 30));
    std::optional<http::response_parser<http::buffer_body>> parser;
    for (int interim = 0; interim < 8; ++interim) {  // 1xx replies announce the real one
        parser.emplace();
        parser->header_limit(header_limit);
        parser->body_limit(static_cast<std::uint64_t>(call->options.max_body_bytes));
        if (call->request.method == "HEAD") parser->skip(true);
        co_await http::async_read_header(*stream, c->buffer, *parser, token);
        if (call->failed(code)) co_return;
        if (parser->get().result_int() / 100 != 1) break;
    }
    call->reply.status = static_cast<std::int64_t>(parser->get().result_int());
    call->reply.headers = copy_headers(parser->get());
    call->step = "reading the reply";
    auto const piece = std::make_unique<char[]>(std::size_t{64} << 10);
    while (!parser->is_done()) {
        auto& body = parser->get().body();
        body.data = piece.get();
        body.size = std::size_t{64} << 10;
        co_await http::async_read_some(*stream, c->buffer, *parser, token);
        std::string_view const got{piece.get(), (std::size_t{64} << 10) - body.size};
        if (!take_piece(call, got)) co_return;
        if (code == http::error::need_buffer) code = {};
        if (call->failed(code)) co_return;
    }
    call->keep = parser->keep_alive() && !parser->need_eof();
}

template <class Connection, class Stream>
asio::awaitable<void> exchange(Connection* c, Stream* stream, client_call* call) {
    error_code code;
    auto token = asio::redirect_error(asio::use_awaitable, code);
    c->socket().expires_at(call->finish_by);
    call->step = "sending the request";
    auto const request = wire_request(*call);
    co_await http::async_write(*stream, request, token);
    // A server that refuses a large body answers and closes before it has read all of it: the answer is worth reading.
    bool const cut_off = code == asio::error::broken_pipe || code == asio::error::connection_reset;
    if (!cut_off && call->failed(code)) co_return;
    call->step = "waiting for the reply";
    auto reading = receive(c, stream, call);
    co_await std::move(reading);
    if (cut_off) call->keep = false;
}

template <class Connection> asio::awaitable<void> converse(Connection* c, client_call* call, bool fresh) {
    if (fresh) {
        auto opening = open_connection(c, call);
        co_await std::move(opening);
        if (call->failure) co_return;
    }
    if (c->secure) {
        auto talk = exchange(c, c->secure.get(), call);
        co_await std::move(talk);
    } else {
        auto talk = exchange(c, c->plain.get(), call);
        co_await std::move(talk);
    }
}

struct rethrow_from_coroutine {
    void operator()(std::exception_ptr problem) const {
        if (problem) std::rethrow_exception(problem);
    }
};

}  // namespace detail

/// Shared by the copies of a client: idle connections and one TLS context for each set of trusted certificates.
struct http_client::state {
    std::atomic<int> owners{1};
    std::mutex guard;
    std::vector<std::unique_ptr<detail::connection>> idle;
    std::vector<std::pair<std::string, boost::asio::ssl::context>> trusted;

    static constexpr std::size_t most_idle = 32;
    static constexpr double longest_idle_s = 20;

    std::unique_ptr<detail::connection> take(std::string const& key) {
        std::lock_guard const lock{guard};
        auto const now = detail::clock::now();
        std::erase_if(idle, [&](auto const& c) { return now - c->idle_since > detail::spell(longest_idle_s); });
        while (true) {
            auto const found = std::find_if(idle.rbegin(), idle.rend(), [&](auto const& c) { return c->key == key; });
            if (found == idle.rend()) return nullptr;
            auto taken = std::move(*found);
            idle.erase(std::next(found).base());
            if (taken->quiet()) return taken;
        }
    }
    void give_back(std::unique_ptr<detail::connection> c) {
        std::lock_guard const lock{guard};
        c->idle_since = detail::clock::now();
        if (idle.size() >= most_idle) idle.erase(idle.begin());
        idle.push_back(std::move(c));
    }
    boost::asio::ssl::context& context(tls_trust const& trust) {
        std::lock_guard const lock{guard};
        for (auto& [file, context] : trusted)
            if (file == trust.ca_file) return context;
        trusted.reserve(64);  // references into it stay valid; nobody has that many CA files
        if (trusted.size() == 64)
            throw error{error_kind::usage, trust.ca_file, "too many different CA files in one client"};
        return trusted.emplace_back(trust.ca_file, detail::client_context(trust)).second;
    }
    std::unique_ptr<detail::connection> create(url const& target, tls_trust const& trust) {
        auto made = std::make_unique<detail::connection>();
        if (target.secure()) made->secure = std::make_unique<detail::tls_stream>(made->io, context(trust));
        else made->plain = std::make_unique<detail::beast::tcp_stream>(made->io);
        return made;
    }
    KVT_LAZY http_result run(detail::client_call call) {
        std::string const key = call.target.scheme + "://" + call.target.authority() + " " + call.options.trust.ca_file;
        auto connection = take(key);
        bool const fresh = connection == nullptr;
        if (fresh) {
            connection = create(call.target, call.options.trust);
            connection->key = key;
        }
        auto talk = detail::converse(connection.get(), &call, fresh);
        connection->io.restart();
        detail::launch(connection->io, std::move(talk), detail::rethrow_from_coroutine{});
        connection->io.run();
        if (call.failure) return *std::move(call.failure);
        connection->socket().expires_never();
        if (call.keep) give_back(std::move(connection));
        return std::move(call.reply);
    }
};

KVT_DECL http_client::http_client() : state_{new state} {}
KVT_DECL http_client::http_client(http_client const& other) noexcept : state_{other.state_} { ++state_->owners; }
KVT_DECL http_client& http_client::operator=(http_client other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
KVT_DECL http_client::~http_client() {
    if (--state_->owners == 0) delete state_;
}

namespace detail {

/// Checks what may not go over the wire and starts the clock.
KVT_DECL client_call prepare_call(http_request const& request, client_options const& options, body_sink const* sink) {
    if (!is_token(request.method)) throw error{error_kind::usage, "HTTP method", "\"" + request.method + "\" is none"};
    check_headers(request.headers);
    for (auto const* own : {"Content-Length", "Transfer-Encoding", "Connection", "Expect"})
        if (find_header(request.headers, own) != nullptr)
            throw error{error_kind::usage, std::string{"HTTP header "} + own, "is set by the client itself"};
    auto target = parse_url(request.url, "request URL");
    auto const now = clock::now();
    auto const finish = now + spell(options.timeout_s);
    return {request,
            options,
            sink,
            std::move(target),
            std::min(finish, now + spell(options.connect_timeout_s)),
            finish,
            "looking up the host",
            {},
            {},
            false};
}

}  // namespace detail

KVT_LAZY_DECL http_result http_client::send(http_request const& request, client_options const& options) const {
    return state_->run(detail::prepare_call(request, options, nullptr));
}
KVT_LAZY_DECL http_result http_client::send(http_request const& request, client_options const& options,
                                            body_sink sink) const {
    return state_->run(detail::prepare_call(request, options, &sink));
}

}  // namespace kvt::inline KVT_ABI::net
