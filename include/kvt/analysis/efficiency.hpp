// What a run cost: tokens, time and throughput (spec Q10).
#pragma once

#include <kvt/core/record.hpp>

#include <algorithm>
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

[[nodiscard]] inline efficiency measure_efficiency(std::span<cost_row const> rows, cost_weights weights = {}) {
    struct total {
        double sum = 0, count = 0;
        void add(std::optional<double> const& v) {
            if (v) sum += *v, ++count;
        }
        [[nodiscard]] std::optional<double> mean() const {
            return count > 0 ? std::optional{sum / count} : std::nullopt;
        }
    };
    total prompt, completion, latency;
    std::optional<double> first, last;
    for (auto const& row : rows) {
        prompt.add(row.prompt_tokens), completion.add(row.completion_tokens), latency.add(row.latency_s);
        if (!row.start_s || !row.latency_s) continue;
        first = std::min(first.value_or(*row.start_s), *row.start_s);
        last = std::max(last.value_or(*row.start_s), *row.start_s + *row.latency_s);
    }
    efficiency out{.n_requests = static_cast<std::int64_t>(rows.size()),
                   .avg_prompt_tokens = prompt.mean(),
                   .avg_completion_tokens = completion.mean(),
                   .cost_proxy = weights.prompt * prompt.sum + weights.completion * completion.sum};
    double const n = static_cast<double>(rows.size());
    if (first) out.wall_span_s = *last - *first;
    if (first && *last > *first) out.effective_rpm = 60 * n / *out.wall_span_s;
    if (latency.sum > 0) out.completion_tokens_per_s = completion.sum / latency.sum;
    if (!rows.empty()) out.telemetry_coverage = latency.count / n;
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
