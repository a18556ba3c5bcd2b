// error_sums: what cosine, squared error and the rest are made of, added up so that it can be taken in pieces.
#pragma once

#include <kvt/quant/code_grid.hpp>

#include <cstddef>

namespace kvt::inline KVT_ABI::quant {

/// Sums over values x and their reconstructions y, in binary64.
struct error_sums {
    std::int64_t count = 0, clipped = 0;                   ///< values; those outside what the codes can hold
    double signal = 0, noise = 0, cross = 0, rebuilt = 0;  ///< of x^2, (x - y)^2, x y, y^2
    double worst = 0;                                      ///< largest |x - y|

    error_sums& operator+=(error_sums const& other) {
        count += other.count, clipped += other.clipped;
        signal += other.signal, noise += other.noise, cross += other.cross, rebuilt += other.rebuilt;
        worst = other.worst > worst ? other.worst : worst;
        return *this;
    }
};
KVT_RECORD(error_sums, count, clipped, signal, noise, cross, rebuilt, worst);

/// Values that are summed without a break: within such a piece value i goes to lane i mod 8, and lanes are joined at its
/// end. Pieces begin at the group's start; their sums are added in order. Whoever keeps to that gets the same bits from
/// any number of threads, from whole tensors and from blocks, and on any instruction set.
inline constexpr std::size_t sum_piece = 1 << 16;

/// A piece under way: fed with parts of it, in order, each but the last a multiple of 8 long.
struct alignas(64) error_lanes {
    double signal[8]{}, noise[8]{}, cross[8]{}, rebuilt[8]{}, worst[8]{};
    std::int64_t count = 0, clipped = 0;

    [[nodiscard]] error_sums sums() const {
        double top = 0;
        for (double const w : worst) top = w > top ? w : top;
        return {count, clipped, joined(signal), joined(noise), joined(cross), joined(rebuilt), top};
    }
    /// The one order in which lanes are added.
    [[nodiscard]] static double joined(double const (&s)[8]) {
        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }
};

}  // namespace kvt::inline KVT_ABI::quant
