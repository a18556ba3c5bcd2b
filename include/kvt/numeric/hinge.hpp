// A hinge: level up to some point, then a straight fall.
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <span>
#include <utility>
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

/// The best falling hinge: the knot is one of the distinct `x` except the largest, chosen by the smallest sum of
/// squared errors (ties within 1e-12 to the smallest knot). ΔBIC counts one parameter for the mean and three for the
/// hinge, with the errors per value floored at 1e-12 (spec O3.3). The constant fit where nothing falls or the values
/// are constant. Null for no values; throws `error{usage}` where the lengths differ.
[[nodiscard]] std::optional<hinge> falling_hinge(std::span<double const> x, std::span<double const> y);

/// The least squares hinge with its knot given, and its sum of squared errors.
[[nodiscard]] std::pair<hinge, double> hinge_at(std::span<double const> x, std::span<double const> y, double knot);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/hinge.ipp>
#endif
