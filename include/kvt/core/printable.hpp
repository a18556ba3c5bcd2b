// printable: a text of unknown origin as one line for a terminal.
#pragma once

#include <kvt/version.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// Line ends become spaces; other control characters and those that turn the direction of writing (U+202A..U+202E,
/// U+2066..U+2069) are written as `\\x1b` and the like, so that no file name can move the cursor or hide what follows.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/printable.ipp>
#endif
