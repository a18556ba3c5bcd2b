// The plain loops that the vector kernels are tested against, and what both are told.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/quant/error_sums.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::quant::detail {

inline constexpr std::uint32_t infinity_bits = 0x7F800000U;

/// Bytes that are asked for ahead of those in work: memory is read a quarter faster than the processor does on its own.
/// Past the end of the values that does no harm.
inline constexpr std::size_t ahead = 4096;

/// Least and greatest as `<` has them, and the largest bit pattern without its sign: `infinity_bits` or more where a
/// value is not finite (then the others mean nothing).
struct extremes {
    float least, greatest;
    std::uint32_t top;
};

/// A group's parameters, and how far binary32 arithmetic can be trusted with them.
///
/// `t = (x - offset) * inverse` in binary32 is off from the quotient in binary64 by less than `0.5 - margin` wherever t lies
/// within one of the codes. So where t is further than that from a tie, it rounds to the same code; vectors with a lane
/// that is nearer are computed again in binary64, by division. Three roundings are each below 2^-24 of t (the fourth 2^-24
/// is to spare), and the offset's own counts in codes.
struct coding_rule {
    affine parameters;
    code_grid grid;
    bool quick = false;  ///< binary32 can be trusted at all
    float offset = 0, inverse = 0, margin = 0;
    std::size_t reach = ahead;  ///< bytes that memory is asked ahead
    double wide_inverse = 0;    ///< 0 where the scale has none

    [[nodiscard]] static coding_rule of(affine const& a, code_grid const& g) {
        coding_rule rule{a, g};
        double const reach = std::max(std::abs(g.low), g.high) + 1, inverse = 1 / a.scale;
        rule.wide_inverse = std::isfinite(inverse) ? inverse : 0;
        // beyond these, a step of the computation might overflow or lose digits to underflow
        if (!(a.scale > 0x1p-100 && a.scale < 0x1p100 && std::abs(a.offset) < 0x1p100)) return rule;
        rule.offset = static_cast<float>(a.offset);
        rule.inverse = static_cast<float>(inverse);
        double const off =
            1.01 * (4 * reach * 0x1p-24 + std::abs(a.offset - static_cast<double>(rule.offset)) * inverse) + 0x1p-23;
        rule.quick = off < 0.03125;
        rule.margin = static_cast<float>(0.5 - off);
        return rule;
    }
};

/// What candidates for a group's parameters are judged by, in lanes as `error_lanes` has them: squared errors, codes and
/// their squares.
struct alignas(64) candidate_lanes {
    double noise[8]{}, codes[8]{}, squares[8]{};
};

/// The largest double below a half: a number of at least 0 plus this, cut off, is rounded with halves up.
inline constexpr double below_half = 0x1.fffffffffffffp-2;

namespace portable {

[[nodiscard]] inline extremes scan(float const* x, std::size_t n) {
    extremes out{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), 0};
    for (std::size_t i = 0; i < n; ++i) {
        out.least = x[i] < out.least ? x[i] : out.least;
        out.greatest = x[i] > out.greatest ? x[i] : out.greatest;
        auto const bits = std::bit_cast<std::uint32_t>(x[i]) & 0x7FFFFFFFU;
        out.top = bits > out.top ? bits : out.top;
    }
    return out;
}

/// One code a byte, as stored; answers how many values lie outside the codes.
inline std::int64_t code(float const* x, std::size_t n, coding_rule const& rule, std::uint8_t* codes) {
    auto const& g = rule.grid;
    std::int64_t clipped = 0;
    for (std::size_t i = 0; i < n; ++i) {
        double const c = code_grid::unlimited(rule.parameters, x[i]);
        clipped += c < g.low || c > g.high ? 1 : 0;
        codes[i] = g.stored(g.encode(rule.parameters, x[i]));
    }
    return clipped;
}

/// Whole bytes: n is a multiple of 8 / bits.
inline void pack(std::uint8_t const* codes, std::size_t n, std::int32_t bits, std::uint8_t* bytes) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    for (std::size_t i = 0; i < n; i += per_byte) {
        std::uint32_t byte = 0;
        for (std::size_t k = 0; k < per_byte; ++k)
            byte |= static_cast<std::uint32_t>(codes[i + k])
                    << (static_cast<std::uint32_t>(k) * static_cast<std::uint32_t>(bits));
        bytes[i / per_byte] = static_cast<std::uint8_t>(byte);
    }
}

/// The other way: one code a byte from whole bytes.
inline void unpack(std::uint8_t const* bytes, std::size_t n, std::int32_t bits, std::uint8_t* codes) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    for (std::size_t i = 0; i < n; i += per_byte)
        for (std::size_t k = 0; k < per_byte; ++k)
            codes[i + k] = static_cast<std::uint8_t>(bytes[i / per_byte] >> (static_cast<std::int32_t>(k) * bits) &
                                                     top_code(bits));
}

/// What codes, one a byte, stand for; with one rounding to binary64, and with another to binary32.
template <class Real> void decode(std::uint8_t const* codes, std::size_t n, coding_rule const& rule, Real* out) {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<Real>(rule.parameters.decode(rule.grid.read(codes[i])));
}

/// Value i goes to lane i mod 8. Fused multiply-adds, so that the bits do not depend on what a compiler fuses.
inline void measure(float const* x, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                    error_lanes& lanes) {
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t const at = i % 8;
        double const v = x[i], y = rule.parameters.decode(rule.grid.read(codes[i])), e = v - y;
        lanes.signal[at] = std::fma(v, v, lanes.signal[at]);
        lanes.noise[at] = std::fma(e, e, lanes.noise[at]);
        lanes.cross[at] = std::fma(v, y, lanes.cross[at]);
        lanes.rebuilt[at] = std::fma(y, y, lanes.rebuilt[at]);
        double const size = std::abs(e);
        lanes.worst[at] = size > lanes.worst[at] ? size : lanes.worst[at];
    }
    lanes.count += static_cast<std::int64_t>(n);
}

/// The same squared errors alone, and the codes, whose sums are whole numbers and so exact.
inline void judge(float const* x, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                  candidate_lanes& lanes) {
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t const at = i % 8;
        auto const code = rule.grid.read(codes[i]);
        double const c = code, e = static_cast<double>(x[i]) - rule.parameters.decode(code);
        lanes.noise[at] = std::fma(e, e, lanes.noise[at]);
        lanes.codes[at] += c;
        lanes.squares[at] = std::fma(c, c, lanes.squares[at]);
    }
}

/// Of points that stand for several values each; codes are `0 .. high`, by multiplication, halves up. Every step is
/// rounded: this and its vector form are built for instruction sets without a fused multiply-add.
inline void weigh(double const* points, double const* weights, std::size_t n, coding_rule const& rule,
                  candidate_lanes& lanes) {
    double const top = rule.grid.high;
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t const at = i % 8;
        double t = (points[i] - rule.parameters.offset) * rule.wide_inverse;
        t = t > 0 ? t : 0;
        t = t < top ? t : top;
        double const code = static_cast<std::int32_t>(t + below_half);
        double const e = points[i] - (rule.parameters.offset + code * rule.parameters.scale), w = weights[i];
        lanes.noise[at] += w * (e * e);
        lanes.codes[at] += w * code;
        lanes.squares[at] += w * (code * code);
    }
}

}  // namespace portable

/// One instruction set's.
struct kernel_set {
    extremes (*scan)(float const*, std::size_t);
    std::int64_t (*code)(float const*, std::size_t, coding_rule const&, std::uint8_t*);
    std::int64_t (*code_only)(float const*, std::size_t, coding_rule const&, std::uint8_t*);  ///< any count
    void (*pack)(std::uint8_t const*, std::size_t, std::int32_t, std::uint8_t*);
    void (*unpack)(std::uint8_t const*, std::size_t, std::int32_t, std::uint8_t*);
    void (*decode_wide)(std::uint8_t const*, std::size_t, coding_rule const&, double*);
    void (*decode_narrow)(std::uint8_t const*, std::size_t, coding_rule const&, float*);
    void (*measure)(float const*, std::uint8_t const*, std::size_t, coding_rule const&, error_lanes&);
    void (*judge)(float const*, std::uint8_t const*, std::size_t, coding_rule const&, candidate_lanes&);
    void (*weigh)(double const*, double const*, std::size_t, coding_rule const&, candidate_lanes&);
};

}  // namespace kvt::inline KVT_ABI::quant::detail
