#pragma once

#include <kvt/analysis/efficiency.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL efficiency measure_efficiency(std::span<cost_row const> rows, cost_weights weights) {
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
