// Values that rounding finds hard: ties, neighbours of ties, ends of ranges, far outside, subnormal.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/quant/code_grid.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace hard {

inline float neighbour(float x, std::uint64_t which) {
    if (which == 0) return x;
    return std::nextafter(x, which == 1 ? -std::numeric_limits<float>::infinity()
                                        : std::numeric_limits<float>::infinity());
}

/// Parameters of any size: scales from 2^-140 to 2^120, and offsets that are exact in binary32 or not.
inline kvt::quant::affine parameters(kvt::random_stream& stream) {
    double scale = (1 + stream.unit()) * std::exp2(static_cast<double>(stream.below(12)) - 6);
    if (stream.below(8) == 0) scale *= std::exp2(static_cast<double>(stream.below(240)) - 130);
    if (stream.below(3) == 0) scale = std::exp2(std::floor(std::log2(scale)));  // exact ties
    double offset = (stream.unit() - 0.6) * scale * 300;
    switch (stream.below(5)) {
        case 0: offset = 0; break;
        case 1: offset = std::round(offset / scale) * scale; break;
        case 2: offset = static_cast<double>(static_cast<float>(offset)); break;
        case 3: offset *= 1e5; break;
        default: break;
    }
    return {scale, offset};
}

/// `n` finite values around the codes of a grid.
inline std::vector<float> values(kvt::random_stream& stream, kvt::quant::affine const& p,
                                 kvt::quant::code_grid const& grid, std::size_t n) {
    std::vector<float> out;
    auto const span = static_cast<double>(grid.high - grid.low);
    while (out.size() < n) {
        double const code = grid.low + (stream.unit() * 1.4 - 0.2) * span;
        double x = p.offset + code * p.scale;
        switch (stream.below(6)) {
            case 0: x = p.offset + (std::floor(code) + 0.5) * p.scale; break;
            case 1: x = p.offset + std::round(code) * p.scale; break;
            case 2:
                x = static_cast<double>((stream.below(2) == 0 ? -1 : 1) *
                                        std::exp2(static_cast<double>(stream.below(270)) - 145));
                break;
            default: break;
        }
        float const v = neighbour(static_cast<float>(x), stream.below(3));
        if (std::isfinite(v)) out.push_back(v);
    }
    return out;
}

}  // namespace hard
