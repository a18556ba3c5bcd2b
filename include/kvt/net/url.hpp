// http and https URLs, split into the parts a client needs.
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::net {

/// An absolute http(s) URL. The host is lower-cased and without the brackets of an IPv6 address.
struct url {
    std::string scheme;  ///< "http" or "https"
    std::string host;
    std::int64_t port = 0;  ///< as written, else 80 or 443
    std::string target;     ///< path and query as sent, at least "/"

    [[nodiscard]] bool secure() const { return scheme == "https"; }
    /// What goes into the Host header: the port only where it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
};
KVT_RECORD(url, scheme, host, port, target);

/// Splits `scheme://host[:port][/path][?query][#fragment]` (RFC 3986); the fragment is dropped. Empty where the text is
/// none of that: another scheme, no host, a port outside 1..65535, user information before the host, or a byte that may
/// not stand in a URL (blank, control, non-ASCII).
[[nodiscard]] std::optional<url> split_url(std::string_view text);

/// The same; throws `error{malformed}` naming `where`.
[[nodiscard]] url parse_url(std::string_view text, std::string_view where = "URL");

}  // namespace kvt::inline KVT_ABI::net

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/net/detail/url.ipp>
#endif
