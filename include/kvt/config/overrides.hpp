// Command-line overrides: KEY=VALUE with dotted keys and typed values.
#pragma once

#include <kvt/core/json.hpp>

#include <span>
#include <string>

namespace kvt::inline KVT_ABI::config {

/// Reads overrides into one document to be merged. Each is split at its first `=`, its key at every dot. A value is a
/// plain scalar under the core rules, or a quoted scalar or flow list or mapping (`[1.0, 0.5]`). Later ones win; a scalar
/// replaces an earlier mapping. Throws `error{usage}` without `=`, on an empty key part, on a value that is not YAML,
/// and where a key descends into an earlier scalar.
[[nodiscard]] json parse_overrides(std::span<std::string const> arguments);

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/overrides.ipp>
#endif
