// boundary_stats: the least, the greatest, the mean and the spread of boundary scores.
#pragma once

#include <kvt/core/record.hpp>

#include <algorithm>
#include <cmath>
#include <span>

namespace kvt::inline KVT_ABI::quant {

/// `deviation` is the population's (divided by the count). All four are 0 where there are no scores.
struct boundary_stats {
    double min = 0, max = 0, mean = 0, deviation = 0;
};
KVT_RECORD(boundary_stats, min, max, mean, deviation);

[[nodiscard]] inline boundary_stats stats_of(std::span<double const> scores) {
    boundary_stats out;
    if (scores.empty()) return out;
    auto const n = static_cast<double>(scores.size());
    auto const [least, greatest] = std::ranges::minmax(scores);
    out.min = least;
    out.max = greatest;
    for (double const s : scores) out.mean += s / n;
    double squares = 0;
    for (double const s : scores) squares += (s - out.mean) * (s - out.mean);
    out.deviation = std::sqrt(squares / n);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
