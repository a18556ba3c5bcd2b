// dropout: units left out at random, so that a model does not lean on single ones.
#pragma once

#include <kvt/core/random.hpp>

#include <cmath>
#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// Which units are dropped is a pure function of the key and their place, so that the way back finds the same ones, and any
/// number of threads does (Srivastava et al. 2014; what stays is divided by its share, so that nothing changes on average).
struct dropout {
    double rate = 0;  ///< 0 or more, below 1
    std::uint64_t key = 0;

    [[nodiscard]] bool active() const { return rate > 0; }
    /// The dropout of one place among several: of a layer, a head.
    [[nodiscard]] dropout at(std::uint64_t place) const { return {rate, random_stream{key}.peek(place)}; }
    /// Units `first`, `first + 1`, ... become 0, or larger.
    template <class Real> void apply(std::span<Real> units, std::uint64_t first) const {
        random_stream const draws{key};
        auto const below = static_cast<std::uint64_t>(std::ldexp(rate, 64));
        auto const rest = static_cast<Real>(1 / (1 - rate));
        for (std::size_t i = 0; i < units.size(); ++i)
            units[i] = draws.peek(first + i) < below ? Real{0} : units[i] * rest;
    }
};

}  // namespace kvt::inline KVT_ABI::scaling
