// Student's t distribution: its quantiles, for few degrees of freedom.
#pragma once

#include <kvt/numeric/normal.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::numeric {

/// P(T <= t) for Student's t with `freedom` >= 1 degrees, from the finite series for whole degrees of freedom (Abramowitz
/// and Stegun 1964, 26.7.3 and 26.7.4); above 200 degrees the normal distribution with its first two corrections (26.7.8).
[[nodiscard]] inline double student_cdf(double t, int freedom) {
    if (freedom > 200) {
        double const n = freedom;
        return normal_cdf(t * (1 - 1 / (4 * n)) / std::sqrt(1 + t * t / (2 * n)));
    }
    double const angle = std::atan2(t, std::sqrt(static_cast<double>(freedom))), c2 = std::cos(angle) * std::cos(angle);
    bool const odd = freedom % 2 == 1;
    double term = odd ? std::cos(angle) : 1, sum = freedom == 1 ? 0 : term;
    for (int k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
        term *= c2 * (k - 1) / k;
        sum += term;
    }
    double const inside = odd ? 2 / 3.14159265358979323846 * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
    return 0.5 + inside / 2;
}

/// The t with P(T <= t) = p, by bisection; p is clamped to what t = -1e6..1e6 can reach.
[[nodiscard]] inline double student_quantile(double p, int freedom) {
    double low = -1e6, high = 1e6;
    for (int step = 0; step < 100; ++step) {
        double const middle = (low + high) / 2;
        (student_cdf(middle, freedom) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace kvt::inline KVT_ABI::numeric
