// Definitions of trace/exposure.hpp.
#pragma once

#include <kvt/trace/exposure.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

/// The rows by one of their times. Logs are often written in the order of starts or of ends, so that one of the two is
/// there already.
struct boundary {
    double time;
    std::uint32_t row;
};
inline std::vector<boundary> boundaries(std::vector<double> const& times) {
    std::vector<boundary> out(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) out[i] = {times[i], static_cast<std::uint32_t>(i)};
    auto const earlier = [](boundary const& a, boundary const& b) { return a.time < b.time; };
    if (!std::is_sorted(out.begin(), out.end(), earlier)) std::sort(out.begin(), out.end(), earlier);
    return out;
}

/// Fills grid, first and last: starts and ends, each in order, merged.
inline void make_grid(exposure& out) {
    std::size_t const n = out.rows.size();
    auto const starts = boundaries(out.rows.t_start), ends = boundaries(out.rows.t_end);
    out.first.resize(n), out.last.resize(n);
    out.grid.resize(2 * n);
    std::size_t size = 0;
    auto const place = [&](boundary const& b, std::vector<std::uint32_t>& places) {
        if (size == 0 || out.grid[size - 1] != b.time) out.grid[size++] = b.time;
        places[b.row] = static_cast<std::uint32_t>(size - 1);
    };
    std::size_t s = 0;
    for (auto const& end : ends) {
        for (; s < n && starts[s].time <= end.time; ++s) place(starts[s], out.first);
        place(end, out.last);
    }
    out.grid.resize(size);
}

/// Two numbers that are always needed together, side by side in memory.
template <class T> struct by_kind { T prefill{}, decode{}; };

/// Fills the pressures; returns their integrals up to each grid point.
inline std::vector<by_kind<double>> make_pressures(exposure& out) {
    std::vector<by_kind<std::int32_t>> change(out.grid.size());
    for (std::size_t i = 0; i < out.rows.size(); ++i) {
        auto &from = change[out.first[i]], &to = change[out.last[i]];
        if (out.rows.kind[i] == phase_kind::prefill) ++from.prefill, --to.prefill;
        else ++from.decode, --to.decode;
    }
    std::size_t const segments = out.grid.size() - 1;
    out.prefill_pressure.resize(segments), out.decode_pressure.resize(segments);
    std::vector<by_kind<double>> integral(segments + 1);
    by_kind<std::int32_t> covering;
    by_kind<double> sum;
    for (std::size_t j = 0; j < segments; ++j) {
        covering.prefill += change[j].prefill, covering.decode += change[j].decode;
        double const f = out.rows.rule.chunk_size * covering.prefill, d = covering.decode;
        out.prefill_pressure[j] = f, out.decode_pressure[j] = d;
        sum.prefill += f * out.length(j), sum.decode += d * out.length(j);
        integral[j + 1] = sum;
    }
    return integral;
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
    exposure out{.rows = std::move(rows)};
    detail::make_grid(out);
    auto const integral = detail::make_pressures(out);
    std::size_t const n = out.rows.size();
    out.prefill.resize(n), out.decode.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        auto const &from = integral[out.first[i]], &to = integral[out.last[i]];
        double const h = out.rows.density(i);
        out.prefill[i] = h * (to.prefill - from.prefill);
        out.decode[i] = h * (to.decode - from.decode);
        if (!std::isfinite(out.prefill[i]) || !std::isfinite(out.decode[i]))
            throw trace_error{fault::non_finite, "exposure of " + out.rows.lines.text(i)};
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
