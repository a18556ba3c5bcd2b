// Definitions of trace/exposure.hpp.
#pragma once

#include <kvt/trace/exposure.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

/// Fills grid, first and last.
inline void make_grid(exposure& out) {
    struct boundary {
        double time;
        std::uint32_t row;
        bool end;
    };
    std::size_t const n = out.rows.size();
    std::vector<boundary> all;
    all.reserve(2 * n);
    for (std::size_t i = 0; i < n; ++i) {
        all.push_back({out.rows.t_start[i], static_cast<std::uint32_t>(i), false});
        all.push_back({out.rows.t_end[i], static_cast<std::uint32_t>(i), true});
    }
    std::sort(all.begin(), all.end(), [](boundary const& a, boundary const& b) { return a.time < b.time; });
    out.first.resize(n), out.last.resize(n);
    for (auto const& b : all) {
        if (out.grid.empty() || out.grid.back() != b.time) out.grid.push_back(b.time);
        (b.end ? out.last : out.first)[b.row] = static_cast<std::uint32_t>(out.grid.size() - 1);
    }
}

/// How many rows of a kind cover each segment.
inline std::vector<double> count_covering(exposure const& trace, phase_kind kind) {
    std::vector<std::int64_t> change(trace.grid.size());
    for (std::size_t i = 0; i < trace.rows.size(); ++i)
        if (trace.rows.kind[i] == kind) ++change[trace.first[i]], --change[trace.last[i]];
    std::vector<double> out(trace.grid.size() - 1);
    std::int64_t covering = 0;
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = static_cast<double>(covering += change[j]);
    return out;
}

}  // namespace detail

KVT_DECL std::vector<double> integral_of(exposure const& trace, std::vector<double> const& density) {
    std::vector<double> out(density.size() + 1);
    double sum = 0;
    for (std::size_t j = 0; j < density.size(); ++j) out[j] = sum, sum += density[j] * trace.length(j);
    out[density.size()] = sum;
    return out;
}

KVT_DECL exposure expose_trace(phases rows) {
    if (rows.size() == 0) throw trace_error{fault::empty_trace, "no phase rows"};
    if (rows.size() > std::numeric_limits<std::uint32_t>::max() / 2)
        throw error{error_kind::usage, "trace", std::to_string(rows.size()) + " rows", "at most 2^31 - 1"};
    exposure out{.rows = std::move(rows)};
    detail::make_grid(out);
    out.prefill_pressure = detail::count_covering(out, phase_kind::prefill);
    for (double& f : out.prefill_pressure) f *= out.rows.rule.chunk_size;
    out.decode_pressure = detail::count_covering(out, phase_kind::decode);
    auto const f = integral_of(out, out.prefill_pressure), d = integral_of(out, out.decode_pressure);
    std::size_t const n = out.rows.size();
    out.prefill.resize(n), out.decode.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        double const h = out.rows.density(i);
        out.prefill[i] = h * (f[out.last[i]] - f[out.first[i]]);
        out.decode[i] = h * (d[out.last[i]] - d[out.first[i]]);
        if (!std::isfinite(out.prefill[i]) || !std::isfinite(out.decode[i]))
            throw trace_error{fault::non_finite, "exposure of row " + std::to_string(i + 1)};
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
