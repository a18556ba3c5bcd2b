// retry: which failures are worth another call, and how long to wait before it (spec I7).
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/engine/engine.hpp>

#include <algorithm>
#include <cmath>
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

    [[nodiscard]] retry_policy clamped() const {
        auto out = *this;
        out.max_attempts = std::clamp<std::int64_t>(max_attempts, 1, 10);
        out.backoff_base_s = std::clamp(backoff_base_s, 0.5, 60.0);
        out.backoff_max_s = std::clamp(backoff_max_s, out.backoff_base_s, 300.0);
        return out;
    }
};
KVT_RECORD(retry_policy, max_attempts, backoff_base_s, backoff_max_s);

/// Whether another call may help.
[[nodiscard]] inline bool retryable(engine::failure const& f) {
    if (f.kind == engine::failure_kind::timeout || f.kind == engine::failure_kind::network) return true;
    if (f.kind != engine::failure_kind::http || !f.http_status) return false;
    auto const status = *f.http_status;
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

/// Whether a message speaks of a limit of tokens per minute, which takes longer to pass than one of requests.
[[nodiscard]] inline bool tokens_per_minute(std::string_view message) {
    std::string lower;
    for (char c : message) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (std::string_view pattern : {"tokens per min", " tpm", "tpm "})
        if (lower.find(pattern) != std::string::npos) return true;
    return false;
}

/// Seconds before call `attempt` + 1, jitter aside: base · 2^(attempt-1), at most the maximum; the base is at least 10 s and
/// doubled where the message mentions tokens per minute. `attempt` counts from 1.
[[nodiscard]] inline double backoff_s(retry_policy const& policy, std::int64_t attempt, std::string_view message) {
    auto const p = policy.clamped();
    double const base = tokens_per_minute(message) ? std::max(2 * p.backoff_base_s, 10.0) : p.backoff_base_s;
    return std::min(base * std::exp2(static_cast<double>(attempt - 1)), p.backoff_max_s);
}

/// Spreads a wait by up to half of it either way; the same for the same seed, request and attempt.
[[nodiscard]] inline double jittered_s(double raw, std::int64_t seed, std::string_view request_id, std::int64_t attempt) {
    random_stream stream{seed, "backoff|" + std::string{request_id} + "|" + std::to_string(attempt)};
    return std::max(0.0, raw + 0.5 * raw * (2 * stream.unit() - 1));
}

/// Seconds to sleep after the failure of call `attempt` (from 1): a server's Retry-After, at most a minute, on status 429;
/// else the jittered backoff.
[[nodiscard]] inline double wait_s(retry_policy const& policy, engine::failure const& f, std::int64_t attempt,
                                   std::int64_t seed, std::string_view request_id) {
    if (f.http_status == 429 && f.retry_after_s && std::isfinite(*f.retry_after_s) && *f.retry_after_s >= 0)
        return std::min(*f.retry_after_s, 60.0);
    return jittered_s(backoff_s(policy, attempt, f.message), seed, request_id, attempt);
}

}  // namespace kvt::inline KVT_ABI::harness
