// Huber's function: squares for small residuals, distances for large ones.
#pragma once

#include <algorithm>

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::numeric {

/// r²/2 up to |r| = delta, delta (|r| - delta/2) beyond (Huber 1964); delta above 0.
[[nodiscard]] constexpr double huber(double r, double delta) {
    double const c = std::clamp(r, -delta, delta);
    return r == c ? r * r / 2 : c * r - delta * delta / 2;
}
/// Its derivative: r held within delta.
[[nodiscard]] constexpr double huber_slope(double r, double delta) { return std::clamp(r, -delta, delta); }

}  // namespace kvt::inline KVT_ABI::numeric
