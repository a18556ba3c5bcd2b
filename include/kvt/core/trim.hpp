// trim: text without white space at its ends.
#pragma once

#include <kvt/version.hpp>

#include <string_view>

namespace kvt::inline KVT_ABI {

/// Without the white space of Unicode (spec E2: 29 code points) at both ends of UTF-8 text.
[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/trim.ipp>
#endif
