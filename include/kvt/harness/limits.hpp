// Limits as settings have them, read leniently: retries, pacing, the longest prompt.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/harness/retry.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::harness {

/// `run.retries`: what is missing, null or no number keeps its default; numbers written as text are read; clamped.
[[nodiscard]] retry_policy read_retries(json const& retries);

/// Requests per minute from resolved settings (spec I8): `run.pacing.requests_per_minute`, else
/// `engine.rate_limit.max_rpm`, else `rate_limit.max_rpm`; the first that is an integer > 0, or its text, counts.
/// Empty: no pacing.
[[nodiscard]] std::optional<std::int64_t> read_requests_per_minute(json const& settings);

/// The longest prompt that is sent, in tokens of the manifest's counter, from resolved settings (spec I8). Empty: no
/// guard.
///
///     cap = model.max_model_len - max_tokens - buffer
///
/// `max_model_len` is 8192 where it is missing or no integer > 0; max_tokens is generation.max_tokens, else
/// decoding.max_tokens, else 256; the buffer is run.prompt_buffer, else 256 for api.openai.com and 2048 elsewhere.
/// Where `run.runtime_prompt_cap` is present and not `computed` it decides alone: null or a number below 1 switches
/// the guard off. Throws `error{usage}` where it is anything else but an integer or its text.
[[nodiscard]] std::optional<std::int64_t> read_prompt_cap(json const& settings);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/limits.ipp>
#endif
