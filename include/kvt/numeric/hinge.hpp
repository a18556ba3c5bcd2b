// A hinge: level up to some point, then a straight fall.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/record.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// level - slope·max(0, x - knot), fitted by least squares.
struct hinge {
    double level = 0;                 ///< the mean where there is no fall
    double slope = 0;                 ///< fall per unit of x beyond the knot; 0 where there is none
    std::optional<double> knot;       ///< null where no falling fit exists
    std::optional<double> delta_bic;  ///< how much the Bayesian information criterion prefers the fall to the mean
};
KVT_RECORD(hinge, level, slope, knot, delta_bic);

namespace detail {
/// The least squares hinge with its knot given, and its sum of squared errors.
[[nodiscard]] inline std::pair<hinge, double> hinge_at(std::span<double const> x, std::span<double const> y,
                                                       double knot) {
    double const n = static_cast<double>(x.size());
    auto const beyond = [&](std::size_t i) { return std::max(0.0, x[i] - knot); };
    double mean_h = 0;
    for (std::size_t i = 0; i < x.size(); ++i) mean_h += beyond(i);
    mean_h /= n;
    double const mean_y = *mean(y);
    double cross = 0, square = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        cross += (beyond(i) - mean_h) * (y[i] - mean_y);
        square += (beyond(i) - mean_h) * (beyond(i) - mean_h);
    }
    double const slope = square > 0 ? -cross / square : 0;
    hinge const fit{mean_y + slope * mean_h, slope, knot, {}};
    double errors = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        double const residual = y[i] - (fit.level - slope * beyond(i));
        errors += residual * residual;
    }
    return {fit, errors};
}
}  // namespace detail

/// The best falling hinge: the knot is one of the distinct `x` except the largest, chosen by the smallest sum of
/// squared errors (ties within 1e-12 to the smallest knot). ΔBIC counts one parameter for the mean and three for the
/// hinge, with the errors per value floored at 1e-12 (spec O3.3). The constant fit where nothing falls or the values
/// are constant. Null for no values; throws `error{usage}` where the lengths differ.
[[nodiscard]] inline std::optional<hinge> falling_hinge(std::span<double const> x, std::span<double const> y) {
    constexpr double floor = 1e-12, tie = 1e-12;
    if (x.size() != y.size()) throw error{error_kind::usage, "hinge", "x and y differ in length"};
    if (y.empty()) return std::nullopt;
    double const n = static_cast<double>(y.size()), centre = *mean(y);
    hinge best{centre, 0, {}, {}};
    double const constant_errors = squared_distances(y, centre);
    if (constant_errors / n <= floor) return best;

    std::vector<double> knots(x.begin(), x.end());
    std::ranges::sort(knots);
    knots.erase(std::ranges::unique(knots).begin(), knots.end());
    knots.pop_back();
    double best_errors = 0;
    for (double const knot : knots) {
        auto const [fit, errors] = detail::hinge_at(x, y, knot);
        if (fit.slope > 0 && (!best.knot || errors < best_errors - tie)) best = fit, best_errors = errors;
    }
    if (best.knot)
        best.delta_bic = n * std::log(std::max(constant_errors / n, floor)) + std::log(n) -
                         (n * std::log(std::max(best_errors / n, floor)) + 3 * std::log(n));
    return best;
}

}  // namespace kvt::inline KVT_ABI::numeric
