// Mean and spread of a list of numbers, with sums taken left to right.
#pragma once

#include <kvt/version.hpp>

#include <cmath>
#include <optional>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

/// The sum from left to right; 0 for no values. The order is part of the contract: results repeat bit for bit.
[[nodiscard]] constexpr double sum(std::span<double const> values) {
    double total = 0;
    for (double const v : values) total += v;
    return total;
}

/// The arithmetic mean; null for no values.
[[nodiscard]] constexpr std::optional<double> mean(std::span<double const> values) {
    if (values.empty()) return std::nullopt;
    return sum(values) / static_cast<double>(values.size());
}

/// The sum of squared distances from `centre`.
[[nodiscard]] constexpr double squared_distances(std::span<double const> values, double centre) {
    double total = 0;
    for (double const v : values) total += (v - centre) * (v - centre);
    return total;
}

/// The standard deviation of the values as a whole population (divided by n); null for fewer than two values.
[[nodiscard]] inline std::optional<double> population_std(std::span<double const> values) {
    if (values.size() < 2) return std::nullopt;
    return std::sqrt(squared_distances(values, *mean(values)) / static_cast<double>(values.size()));
}

/// The standard deviation estimated from a sample (divided by n - 1); null for fewer than two values.
[[nodiscard]] inline std::optional<double> sample_std(std::span<double const> values) {
    if (values.size() < 2) return std::nullopt;
    return std::sqrt(squared_distances(values, *mean(values)) / static_cast<double>(values.size() - 1));
}

/// Satisfied where every value equals the first one (also for none): then the spread is 0 whatever rounding says.
[[nodiscard]] constexpr bool constant(std::span<double const> values) {
    for (double const v : values)
        if (v != values.front()) return false;
    return true;
}

}  // namespace kvt::inline KVT_ABI::numeric
