// normal_draws: numbers drawn from a normal distribution.
#pragma once

#include <kvt/core/random.hpp>

#include <cmath>
#include <numbers>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

/// Fills with draws of mean 0 and that standard deviation, two from every two uniform draws (Box, Muller 1958), computed in
/// binary64.
template <class Real> void draw_normal(std::span<Real> out, double deviation, random_stream& stream) {
    for (std::size_t i = 0; i < out.size(); i += 2) {
        double const radius = deviation * std::sqrt(-2 * std::log1p(-stream.unit()));
        double const angle = 2 * std::numbers::pi * stream.unit();
        out[i] = static_cast<Real>(radius * std::cos(angle));
        if (i + 1 < out.size()) out[i + 1] = static_cast<Real>(radius * std::sin(angle));
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
