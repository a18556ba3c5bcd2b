// An HTTP client: one request, one reply or one described failure, over http or https.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/net/http.hpp>
#include <kvt/net/tls.hpp>
#include <kvt/net/url.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace kvt::inline KVT_ABI::net {

struct http_request {
    std::string method = "POST";
    std::string url;
    net::headers headers;  ///< Host, User-Agent, Content-Length and Connection are added
    std::string body;
};
KVT_RECORD(http_request, method, url, headers, body);

struct client_options {
    double connect_timeout_s = 10;  ///< lookup, connection and TLS handshake together; a lookup that the system
                                    ///< itself holds up may take longer
    double timeout_s = 120;         ///< from the call to the last byte
    std::int64_t max_body_bytes = std::int64_t{64} << 20;
    std::int64_t max_header_bytes = std::int64_t{64} << 10;
    tls_trust trust{};
};
KVT_RECORD(client_options, connect_timeout_s, timeout_s, max_body_bytes, max_header_bytes, trust);

/// Why no reply came. `timeout`: one of the two time limits. `network`: no connection, TLS refused, or the connection
/// ended before the reply did. `malformed`: what came is not HTTP, or larger than the limits.
enum class http_failure_kind : std::uint8_t { timeout, network, malformed };
KVT_CHOICE(http_failure_kind, "timeout", "network", "malformed");

/// One line that names the host and the step; never a header's value.
struct http_failure {
    http_failure_kind kind = http_failure_kind::network;
    std::string message;
};
KVT_RECORD(http_failure, kind, message);

using http_result = std::variant<http_reply, http_failure>;

/// Takes a piece of a successful reply's body as soon as it arrives; false ends the exchange (`network`).
using body_sink = function_view<bool(std::string_view piece)>;

/// Sends requests and keeps idle connections for the next request to the same place. Copies share the connections;
/// all members may be called from several threads at once, and each call has a connection of its own. Nothing is sent
/// twice: an idle connection that the other side has closed is noticed before it is used.
class http_client {
  public:
    http_client();
    http_client(http_client const& other) noexcept;
    http_client& operator=(http_client other) noexcept;
    ~http_client();

    /// Status codes other than 2xx are replies like any other; redirects are not followed. Throws
    /// `error{usage|malformed}` for a URL, method or header that cannot be sent and `error{missing|malformed}` for a
    /// bad CA file.
    KVT_LAZY [[nodiscard]] http_result send(http_request const& request, client_options const& options = {}) const;
    /// The same, with the body of a 2xx reply handed to `sink` instead of collected.
    KVT_LAZY [[nodiscard]] http_result send(http_request const& request, client_options const& options,
                                            body_sink sink) const;

  private:
    struct state;
    state* state_;
};

}  // namespace kvt::inline KVT_ABI::net

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/net/detail/http_client.ipp>
#endif
