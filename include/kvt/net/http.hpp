// What an HTTP exchange consists of, for client and server alike.
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::net {

struct header {
    std::string name;
    std::string value;
};
KVT_RECORD(header, name, value);

using headers = std::vector<header>;

/// The first header of that name (case-insensitive), or null.
[[nodiscard]] std::string const* find_header(headers const& list, std::string_view name);

/// Replaces every header of that name (case-insensitive) by this one; appends where there was none.
void set_header(headers& list, std::string name, std::string value);

/// Throws `error{usage}` naming the header where a name is no HTTP token or a value holds a line break or NUL. The
/// value itself, which may be a secret, is not part of the message.
void check_headers(headers const& list);

/// A Retry-After header in seconds: a finite number >= 0, as written; empty for dates and everything else.
[[nodiscard]] std::optional<double> retry_after_seconds(std::string_view value);

/// An answer: what a client received or a server sends.
struct http_reply {
    std::int64_t status = 200;
    net::headers headers;
    std::string body;
};
KVT_RECORD(http_reply, status, headers, body);

}  // namespace kvt::inline KVT_ABI::net

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/net/detail/http.ipp>
#endif
