// retry: which failures are worth another call, and how long to wait before it (spec I7).
#pragma once

#include <kvt/engine/engine.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::harness {

/// Calls are repeated on timeouts, network errors and the statuses 429, 500, 502, 503, 504. Values out of range are
/// clamped: 1..10 calls, base 0.5..60 s, maximum base..300 s.
struct retry_policy {
    static constexpr std::string_view name = "exponential_backoff";
    std::int64_t max_attempts = 3;
    double backoff_base_s = 2.0;
    double backoff_max_s = 30.0;

    [[nodiscard]] retry_policy clamped() const;
};
KVT_RECORD(retry_policy, max_attempts, backoff_base_s, backoff_max_s);

/// Whether another call may help.
[[nodiscard]] bool retryable(engine::failure const& f);

/// Whether a message speaks of a limit of tokens per minute, which takes longer to pass than one of requests.
[[nodiscard]] bool tokens_per_minute(std::string_view message);

/// Seconds before call `attempt` + 1, jitter aside: base · 2^(attempt-1), at most the maximum; the base is at least 10 s and
/// doubled where the message mentions tokens per minute. `attempt` counts from 1.
[[nodiscard]] double backoff_s(retry_policy const& policy, std::int64_t attempt, std::string_view message);

/// Spreads a wait by up to half of it either way; the same for the same seed, request and attempt.
[[nodiscard]] double jittered_s(double raw, std::int64_t seed, std::string_view request_id, std::int64_t attempt);

/// Seconds to sleep after the failure of call `attempt` (from 1): a server's Retry-After, at most a minute, on status 429;
/// else the jittered backoff.
[[nodiscard]] double wait_s(retry_policy const& policy, engine::failure const& f, std::int64_t attempt,
                            std::int64_t seed, std::string_view request_id);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/retry.ipp>
#endif
