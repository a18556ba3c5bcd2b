// What a run cost: tokens, time and throughput (spec Q10).
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <span>

namespace kvt::inline KVT_ABI::analysis {

/// The telemetry of one request; null where it is missing.
struct cost_row {
    std::optional<double> start_s{}, latency_s{}, prompt_tokens{}, completion_tokens{};
};
KVT_RECORD(cost_row, start_s, latency_s, prompt_tokens, completion_tokens);

struct efficiency {
    std::int64_t n_requests = 0;
    std::optional<double> avg_prompt_tokens{}, avg_completion_tokens{};
    std::optional<double> wall_span_s{};              ///< from the first start to the last end
    std::optional<double> effective_rpm{};            ///< requests per minute of that span
    std::optional<double> completion_tokens_per_s{};  ///< per second of latency
    double cost_proxy = 0;                            ///< weighted sum of tokens
    std::optional<double> telemetry_coverage{};       ///< share of requests with a latency
};
KVT_RECORD(efficiency, n_requests, avg_prompt_tokens, avg_completion_tokens, wall_span_s, effective_rpm,
           completion_tokens_per_s, cost_proxy, telemetry_coverage);

/// The relative price of a prompt token and of a completion token.
struct cost_weights {
    double prompt = 1, completion = 1;
};
KVT_RECORD(cost_weights, prompt, completion);

[[nodiscard]] efficiency measure_efficiency(std::span<cost_row const> rows, cost_weights weights = {});

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/efficiency.ipp>
#endif
