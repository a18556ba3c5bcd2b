// Definitions of trace/estimator.hpp.
#pragma once

#include <kvt/trace/estimator.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

inline identifiability told_by(numeric::column_rank const& columns) {
    constexpr std::array<std::string_view, 3> names{"beta0", "beta1", "beta2"};
    identifiability out;
    out.identifiable = columns.rank + columns.zeros == names.size();
    out.rank = static_cast<std::int64_t>(columns.rank);
    out.condition = columns.condition;
    for (std::size_t const c : columns.untold) out.cannot_tell.emplace_back(names[c]);
    return out;
}

}  // namespace detail

KVT_DECL double mean_of(std::span<double const> values) {
    double sum = 0;
    for (double const v : values) sum += v;
    return sum / static_cast<double>(values.size());
}

KVT_DECL step_fit fit_steps(phases const& rows, std::span<double const> prefill, std::span<double const> decode) {
    std::size_t const n = rows.size();
    numeric::row_triangle<3> triangle;
    for (std::size_t i = 0; i < n; ++i) triangle.add({rows.steps[i], prefill[i], decode[i], rows.duration[i]});
    auto const b = numeric::solve_small_nnls(triangle).x;
    step_fit out{.beta = {b[0], b[1], b[2]}};
    double const mean = mean_of(rows.duration);
    double squares = 0, centred = 0;
    for (std::size_t i = 0; i < n; ++i) {
        double const y = rows.duration[i], e = b[0] * rows.steps[i] + b[1] * prefill[i] + b[2] * decode[i] - y;
        squares += e * e, centred += (y - mean) * (y - mean);
    }
    if (centred != 0) out.r2 = 1 - squares / centred;
    out.rmse_seconds = std::sqrt(squares / static_cast<double>(n));
    out.told = detail::told_by(numeric::rank_of(triangle));
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
