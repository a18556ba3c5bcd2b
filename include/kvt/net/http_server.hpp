// A plain HTTP server: requests in, whole or streamed replies out, on loopback unless told otherwise.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/net/http.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::net {

struct server_options {
    std::string address = "127.0.0.1";   ///< IP address to listen at; `0.0.0.0` or `::` opens the server to the network
    std::int64_t port = 0;               ///< 0: any free one, see `http_server::port`
    std::int64_t threads = 2;            ///< requests handled at the same time; further ones wait
    std::int64_t max_connections = 256;  ///< further ones are answered 503
    std::int64_t max_header_bytes = std::int64_t{16} << 10;  ///< more is answered 431
    std::int64_t max_body_bytes = std::int64_t{32} << 20;    ///< more is answered 413
    double read_timeout_s = 30;                              ///< for a request's headers, then again for its body
    double write_timeout_s = 30;  ///< for each piece written to a client that does not take it
    double idle_timeout_s = 60;   ///< between requests on one connection
    double stop_timeout_s = 5;    ///< what `stop` grants to requests under way before it closes their connections
};
KVT_RECORD(server_options, address, port, threads, max_connections, max_header_bytes, max_body_bytes, read_timeout_s,
           write_timeout_s, idle_timeout_s, stop_timeout_s);

/// A request as it came in, complete.
struct server_request {
    std::string method;
    std::string path;   ///< the target up to a `?`, not decoded
    std::string query;  ///< what follows the `?`
    net::headers headers;
    std::string body;
};
KVT_RECORD(server_request, method, path, query, headers, body);

/// How a handler answers: one `send`, or `begin` and any number of `write`s. Answering nothing is a 500.
class responder {
  public:
    /// The whole answer; Content-Length and Connection are added.
    void send(http_reply reply);
    /// Status and headers of a streamed answer; its pieces go out at once, one by one. False once the client is gone.
    bool begin(std::int64_t status, headers fields);
    /// The next piece of a begun answer. False once the client is gone; further writes are then ignored.
    bool write(std::string_view piece);
    [[nodiscard]] bool begun() const;

  private:
    friend struct server_access;
    explicit responder(void* peer) : peer_{peer} {}
    void* peer_;
};

/// Answers one request. Called from several threads at once; what it throws becomes a 500 that tells nothing.
using request_handler = function_view<void(server_request const&, responder&)>;

/// Listens from construction to destruction. Requests that are not HTTP are answered 400, too large ones 413 or 431,
/// with a JSON body in the shape of OpenAI's errors. Throws `error{usage}` for an address that is none and
/// `error{io}` where it cannot be listened at.
class http_server {
  public:
    /// `handler` must outlive the server.
    KVT_LAZY http_server(server_options options, request_handler handler);
    ~http_server();
    http_server(http_server const&) = delete;
    http_server& operator=(http_server const&) = delete;

    [[nodiscard]] std::int64_t port() const;  ///< the one it really listens at
    [[nodiscard]] std::string url() const;    ///< `http://127.0.0.1:8080`
    /// Takes no further connection, lets requests under way finish, then closes. Idempotent; not for use in a handler.
    void stop();

  private:
    struct state;
    state* state_;
};

}  // namespace kvt::inline KVT_ABI::net

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/net/detail/http_server.ipp>
#endif
