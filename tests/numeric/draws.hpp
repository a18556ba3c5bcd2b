// Streams whose draw at a chosen position has a chosen value, for the rare cases of bounded draws.
#pragma once

#include <kvt/core/random.hpp>

namespace draws {

/// The z with `z ^ z >> shift` = y.
constexpr std::uint64_t unshifted(std::uint64_t y, int shift) {
    std::uint64_t z = y;
    for (int known = shift; known < 64; known += shift) z = y ^ (z >> shift);
    return z;
}
/// The inverse of an odd number modulo 2^64, by Newton's iteration.
constexpr std::uint64_t inverse(std::uint64_t odd) {
    std::uint64_t x = odd;
    for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
    return x;
}
/// A stream of which `peek(position)` is `value`: the generator's mixing undone.
constexpr kvt::random_stream stream_with(std::uint64_t value, std::uint64_t position) {
    std::uint64_t z = unshifted(value, 31) * inverse(0x94D049BB133111EBULL);
    z = unshifted(z, 27) * inverse(0xBF58476D1CE4E5B9ULL);
    return kvt::random_stream{unshifted(z, 30) - (position + 1) * kvt::random_stream::increment};
}
static_assert(stream_with(0x0123456789ABCDEFULL, 7).peek(7) == 0x0123456789ABCDEFULL);
static_assert(stream_with(0, 0).peek() == 0);

}  // namespace draws
