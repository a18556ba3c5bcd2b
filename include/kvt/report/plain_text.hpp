// Text that is safe to show anywhere, and the columns it takes on a terminal.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::report {

/// What becomes of line ends and tabs: kept (CR LF and CR become LF), or turned into single spaces.
enum class line_breaks : std::uint8_t { folded, kept };

/// Valid UTF-8 without control characters: each maximal malformed piece, each other control character (so no terminal
/// escape survives), each non-character and each bidirectional override becomes U+FFFD. Idempotent.
[[nodiscard]] std::string plain_text(std::string_view text, line_breaks breaks = line_breaks::folded);

/// Terminal columns of a text: 2 for East Asian wide characters and emoji, 0 for combining marks (Unicode 14,
/// UAX 11), 1 for the rest.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text cut to at most `columns`, with "…" as its last column where something was cut off.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t columns);

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/plain_text.ipp>
#endif
