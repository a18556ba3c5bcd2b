// boundary_stats: the least, the greatest, the mean and the spread of boundary scores.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <span>

namespace kvt::inline KVT_ABI::quant {

/// `deviation` is the population's (divided by the count). All four are 0 where there are no scores.
struct boundary_stats {
    double min = 0, max = 0, mean = 0, deviation = 0;
};
KVT_RECORD(boundary_stats, min, max, mean, deviation);

[[nodiscard]] inline boundary_stats stats_of(std::span<double const> scores) {
    if (scores.empty()) return {};
    auto const [least, greatest] = std::ranges::minmax(scores);
    return {.min = least,
            .max = greatest,
            .mean = *numeric::mean(scores),
            .deviation = numeric::constant(scores) ? 0 : *numeric::population_std(scores)};
}

}  // namespace kvt::inline KVT_ABI::quant
