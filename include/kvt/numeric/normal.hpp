// The standard normal distribution and its quantiles.
#pragma once

#include <kvt/version.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::numeric {

/// P(Z <= z) for a standard normal Z.
[[nodiscard]] inline double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// The z with P(Z <= z) = p, by bisection to the last bit that matters; p is clamped to what z = -38..38 can reach.
[[nodiscard]] inline double normal_quantile(double p) {
    double low = -38, high = 38;
    for (int step = 0; step < 80; ++step) {
        double const middle = (low + high) / 2;
        (normal_cdf(middle) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace kvt::inline KVT_ABI::numeric
