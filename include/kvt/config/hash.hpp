// What of a configuration is secret, and the hash that names the rest (spec A4).
#pragma once

#include <kvt/core/json.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::config {

inline constexpr std::string_view redacted_value = "<redacted>";

/// Whether a key's value is secret: api_key, authorization, password, secret, token or access_token, or a key ending in
/// `_api_key`, `_secret`, `_password` or `_token`; in any case. `api_key_env` names a variable and is not.
[[nodiscard]] bool is_secret_key(std::string_view key);

/// Whether an environment variable is named like a secret: KEY, TOKEN, SECRET or PASSWORD is in it.
[[nodiscard]] bool is_secret_variable(std::string_view name);

/// Any JSON with the values of secret keys replaced by `<redacted>`; hyphens in keys count as underscores.
[[nodiscard]] json without_secrets(json const& value);

/// The configuration without keys that begin with `_` at its top (notes that nothing reads; below, they are settings like
/// any other), secrets replaced by `<redacted>`.
[[nodiscard]] json redacted(json const& config);

/// The same for people's eyes: hyphens in keys count as underscores, so that headers such as `X-Api-Key` are covered too.
[[nodiscard]] json printable(json const& config);

/// First 24 hex digits of SHA-256 over the canonical JSON of `redacted(config)`: the stage cache's key.
[[nodiscard]] std::string config_hash(json const& config);

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/hash.ipp>
#endif
