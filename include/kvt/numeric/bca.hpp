// Intervals from replicates of a statistic: percentile, and bias-corrected and accelerated.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/normal.hpp>
#include <kvt/numeric/selection.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

namespace kvt::inline KVT_ABI::numeric {

/// Positions among B sorted replicates below which shares `low` and `high` of them lie: trunc(share·B), within 0..B-1.
[[nodiscard]] inline std::pair<std::size_t, std::size_t> replicate_positions(std::size_t count, double low,
                                                                             double high) {
    double const b = static_cast<double>(count);
    auto const at = [&](double share) { return std::min(static_cast<std::size_t>(share * b), count - 1); };
    return {at(low), at(high)};
}

/// What moves the ends of a percentile interval.
struct bca_correction {
    double bias = 0;  ///< z₀: how far the median of the replicates lies from the estimate, in standard normal units
    double acceleration = 0;  ///< a: how fast the standard error changes with the value estimated
};
KVT_RECORD(bca_correction, bias, acceleration);

/// z₀ from the share of replicates below the estimate, those equal to it counted half, and kept half a replicate away
/// from 0 and 1; a from the statistic's values with each observation left out in turn (Efron and Tibshirani 1993,
/// equations 14.14 and 14.15), 0 where these are equal or not all finite.
[[nodiscard]] inline bca_correction bca_correction_of(std::span<double const> replicates, double estimate,
                                                      std::span<double const> jackknife) {
    double below = 0;
    for (double const v : replicates) below += v < estimate ? 1 : v == estimate ? 0.5 : 0;
    double const b = static_cast<double>(replicates.size());
    bca_correction out{normal_quantile(std::clamp(below, 0.5, b - 0.5) / b), 0};
    if (jackknife.empty() || constant(jackknife)) return out;
    double const centre = *mean(jackknife);
    double squares = 0, cubes = 0;
    for (double const v : jackknife) {
        double const d = centre - v;
        squares += d * d, cubes += d * d * d;
    }
    double const a = cubes / (6 * squares * std::sqrt(squares));
    if (std::isfinite(a)) out.acceleration = a;
    return out;
}

/// The shares of replicates below the ends of the BCa interval: Φ(z₀ + (z₀ + z)/(1 - a(z₀ + z))) for the two quantiles z
/// of α/2 and 1 - α/2 (equation 14.10); where the denominator is not positive, the end is the last replicate.
[[nodiscard]] inline std::pair<double, double> bca_shares(bca_correction const& c, double alpha) {
    auto const share = [&](double p) {
        double const z = c.bias + normal_quantile(p), denominator = 1 - c.acceleration * z;
        if (denominator <= 0) return z < 0 ? 0.0 : 1.0;
        return normal_cdf(c.bias + z / denominator);
    };
    return {share(alpha / 2), share(1 - alpha / 2)};
}

/// The replicates at the ends of a range of shares; `replicates` is not empty, holds no NaN, and is reordered.
[[nodiscard]] inline interval replicate_interval(std::span<double> replicates, std::pair<double, double> shares) {
    auto const [low, high] =
        replicate_positions(replicates.size(), shares.first, std::max(shares.first, shares.second));
    auto const [least, most] = order_statistics(replicates, low, high);
    return {least, most};
}

}  // namespace kvt::inline KVT_ABI::numeric
