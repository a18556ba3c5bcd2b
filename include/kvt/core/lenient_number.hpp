// Numbers as people write them in settings: 30, or "30".
#pragma once

#include <kvt/core/json.hpp>

#include <optional>

namespace kvt::inline KVT_ABI {

/// An integer, or text that is one (a sign and white space around it are allowed); empty for everything else, 3.0 and
/// true among it (spec A3, I8).
[[nodiscard]] std::optional<std::int64_t> lenient_integer(json const& value);

/// A finite number, or text that is one; empty for everything else.
[[nodiscard]] std::optional<double> lenient_real(json const& value);

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/lenient_number.ipp>
#endif
