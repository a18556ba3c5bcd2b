#pragma once

#include <kvt/core/random.hpp>
#include <kvt/harness/retry.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL retry_policy retry_policy::clamped() const {
    auto out = *this;
    out.max_attempts = std::clamp<std::int64_t>(max_attempts, 1, 10);
    out.backoff_base_s = std::clamp(backoff_base_s, 0.5, 60.0);
    out.backoff_max_s = std::clamp(backoff_max_s, out.backoff_base_s, 300.0);
    return out;
}

KVT_DECL bool retryable(engine::failure const& f) {
    if (f.kind == engine::failure_kind::timeout || f.kind == engine::failure_kind::network) return true;
    if (f.kind != engine::failure_kind::http || !f.http_status) return false;
    auto const status = *f.http_status;
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

KVT_DECL bool tokens_per_minute(std::string_view message) {
    std::string lower;
    for (char c : message) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (std::string_view pattern : {"tokens per min", " tpm", "tpm "})
        if (lower.find(pattern) != std::string::npos) return true;
    return false;
}

KVT_DECL double backoff_s(retry_policy const& policy, std::int64_t attempt, std::string_view message) {
    auto const p = policy.clamped();
    double const base = tokens_per_minute(message) ? std::max(2 * p.backoff_base_s, 10.0) : p.backoff_base_s;
    return std::min(base * std::exp2(static_cast<double>(attempt - 1)), p.backoff_max_s);
}

KVT_DECL double jittered_s(double raw, std::int64_t seed, std::string_view request_id, std::int64_t attempt) {
    random_stream stream{seed, "backoff|" + std::string{request_id} + "|" + std::to_string(attempt)};
    return std::max(0.0, raw + 0.5 * raw * (2 * stream.unit() - 1));
}

KVT_DECL double wait_s(retry_policy const& policy, engine::failure const& f, std::int64_t attempt, std::int64_t seed,
                       std::string_view request_id) {
    if (f.http_status == 429 && f.retry_after_s && std::isfinite(*f.retry_after_s) && *f.retry_after_s >= 0)
        return std::min(*f.retry_after_s, 60.0);
    return jittered_s(backoff_s(policy, attempt, f.message), seed, request_id, attempt);
}

}  // namespace kvt::inline KVT_ABI::harness
