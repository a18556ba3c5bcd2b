// Telemetry notes: what may be kept of a body, cut short and without secrets.
#pragma once

#include <kvt/core/json.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::engine {

/// The value with every string of more than `most` code points cut there and marked `...[truncated]` (spec I4).
[[nodiscard]] json cut_strings(json const& value, std::size_t most = 1024);

/// One printable line of foreign text: at most `most` code points, control characters and ill-formed bytes replaced.
[[nodiscard]] std::string one_line(std::string_view foreign, std::size_t most = 300);

/// `text` with every occurrence of `secret` replaced by `<redacted>`. Secrets of fewer than 8 bytes are left alone:
/// they are no keys, and replacing them would tear ordinary words apart.
[[nodiscard]] std::string redact(std::string text, std::string_view secret);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/notes.ipp>
#endif
