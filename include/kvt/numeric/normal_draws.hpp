// normal_draws: normally distributed numbers of a random stream.
#pragma once

#include <kvt/core/random.hpp>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

/// Fills `out` with independent normal numbers of mean 0, two from two draws at a time (Box, Muller: "A note on the
/// generation of random normal deviates", 1958).
template <class Real> void normal_draws(random_stream& stream, double deviation, std::span<Real> out) {
    for (std::size_t i = 0; i < out.size(); i += 2) {
        double const radius = deviation * std::sqrt(-2 * std::log(1 - stream.unit())),
                     angle = 2 * std::numbers::pi * stream.unit();
        out[i] = static_cast<Real>(radius * std::cos(angle));
        if (i + 1 < out.size()) out[i + 1] = static_cast<Real>(radius * std::sin(angle));
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
