#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/hinge.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace kvt::inline KVT_ABI::numeric {

KVT_DECL std::pair<hinge, double> hinge_at(std::span<double const> x, std::span<double const> y, double knot) {
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

KVT_DECL std::optional<hinge> falling_hinge(std::span<double const> x, std::span<double const> y) {
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
        auto const [fit, errors] = hinge_at(x, y, knot);
        if (fit.slope > 0 && (!best.knot || errors < best_errors - tie)) best = fit, best_errors = errors;
    }
    if (best.knot)
        best.delta_bic = n * std::log(std::max(constant_errors / n, floor)) + std::log(n) -
                         (n * std::log(std::max(best_errors / n, floor)) + 3 * std::log(n));
    return best;
}

}  // namespace kvt::inline KVT_ABI::numeric
