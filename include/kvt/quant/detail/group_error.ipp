// Definitions of quant/group_error.hpp.
#pragma once

#include <kvt/quant/group_error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The largest double below a half: a number of at least 0 plus this, cut off, is rounded with halves up.
inline constexpr double below_half = 0x1.fffffffffffffp-2;

struct candidate_parameters {
    double offset = 0, scale = 0, inverse = 0, top = 0;
};
struct candidate_lanes {
    double squares[8] = {}, codes[8] = {}, code_squares[8] = {};
};

namespace portable {
#define KVT_ERROR_TARGET
#define KVT_ERROR_LANES 2
#include <kvt/quant/detail/group_error_body.ipp>
#undef KVT_ERROR_TARGET
#undef KVT_ERROR_LANES
}  // namespace portable

#if KVT_KERNELS_X86
namespace avx2 {
// Without FMA, so that products are rounded as on every other processor.
#define KVT_ERROR_TARGET __attribute__((target("avx2")))
#define KVT_ERROR_LANES 4
#include <kvt/quant/detail/group_error_body.ipp>
#undef KVT_ERROR_TARGET
#undef KVT_ERROR_LANES
}  // namespace avx2
#endif

/// What the kernel needs of parameters. A scale so small that it has no inverse counts as 0: every code is 0.
inline candidate_parameters parameters_of(affine const& a, std::int32_t bits) {
    double const inverse = 1 / a.scale;
    if (a.scale == 0 || !std::isfinite(inverse)) return {a.offset, 0, 0, static_cast<double>(top_code(bits))};
    return {a.offset, a.scale, inverse, static_cast<double>(top_code(bits))};
}

template <bool Weighted>
void add_block(double const* points, double const* weights, std::size_t eights, candidate_parameters const& p,
               candidate_lanes& lanes, [[maybe_unused]] instruction_set set) {
#if KVT_KERNELS_X86
    if (set >= instruction_set::avx2) return avx2::add_errors<Weighted>(points, weights, eights, p, lanes);
#endif
    portable::add_errors<Weighted>(points, weights, eights, p, lanes);
}

inline double sum_of(double const (&lanes)[8]) {
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

inline void widen_block(float const* values, std::size_t eights, double* out, [[maybe_unused]] instruction_set set) {
#if KVT_KERNELS_X86
    if (set >= instruction_set::avx2) return avx2::widen(values, eights, out);
#endif
    portable::widen(values, eights, out);
}

inline group_error total_of(candidate_lanes const& lanes, candidate_parameters const& p, double count) {
    group_error out{.count = count, .squares = sum_of(lanes.squares)};
    if (count == 0) return out;
    double const mean = sum_of(lanes.codes) / count;
    out.mean = p.offset + p.scale * mean;
    out.variance = p.scale * p.scale * std::max(0.0, sum_of(lanes.code_squares) / count - mean * mean);
    return out;
}

inline constexpr std::size_t candidate_block = 512;  // doubles: 4 KiB, and as much again for weights

}  // namespace detail

KVT_DECL std::vector<group_error> errors_of(std::span<float const> values, std::span<value_range const> ranges,
                                            std::int32_t bits, instruction_set set) {
    check_bits(bits);
    std::vector<affine> candidates;
    for (auto const r : ranges) candidates.push_back(affine::over(r, bits));
    return errors_of(values, candidates, bits, set);
}

KVT_DECL std::vector<group_error> errors_of(std::span<float const> values, std::span<affine const> candidates,
                                            std::int32_t bits, instruction_set set) {
    check_bits(bits);
    std::vector<detail::candidate_parameters> parameters;
    for (auto const& a : candidates) parameters.push_back(detail::parameters_of(a, bits));
    std::vector<detail::candidate_lanes> lanes(parameters.size());
    std::array<double, detail::candidate_block> block{}, weights{};
    for (std::size_t begin = 0; begin < values.size(); begin += block.size()) {
        auto const n = std::min(block.size(), values.size() - begin), eights = n / 8, rest = n % 8;
        detail::widen_block(values.data() + begin, eights, block.data(), set);
        for (std::size_t i = 8 * eights; i < 8 * eights + (rest > 0 ? 8 : 0); ++i)
            block[i] = values[begin + std::min(i, n - 1)];
        for (std::size_t r = 0; r < parameters.size(); ++r)
            detail::add_block<false>(block.data(), nullptr, eights, parameters[r], lanes[r], set);
        if (rest == 0) continue;
        std::fill_n(weights.begin(), 8, 0.0);
        std::fill_n(weights.begin(), rest, 1.0);
        for (std::size_t r = 0; r < parameters.size(); ++r)
            detail::add_block<true>(block.data() + 8 * eights, weights.data(), 1, parameters[r], lanes[r], set);
    }
    std::vector<group_error> out;
    for (std::size_t r = 0; r < parameters.size(); ++r)
        out.push_back(detail::total_of(lanes[r], parameters[r], static_cast<double>(values.size())));
    return out;
}

KVT_DECL std::vector<group_error> errors_of(std::span<double const> points, std::span<double const> weights,
                                            std::span<value_range const> ranges, std::int32_t bits,
                                            instruction_set set) {
    check_bits(bits);
    if (points.size() != weights.size())
        throw quant_error{fault::length_mismatch, "points and weights",
                          std::to_string(points.size()) + " and " + std::to_string(weights.size()), "one of each"};
    auto const eights = points.size() / 8, rest = points.size() % 8;
    std::array<double, 8> last{}, last_weights{};
    if (rest > 0) {
        last.fill(points.back());
        std::ranges::copy(points.last(rest), last.begin());
        std::ranges::copy(weights.last(rest), last_weights.begin());
    }
    double count = 0;
    for (double const w : weights) count += w;
    std::vector<group_error> out;
    for (auto const r : ranges) {
        auto const p = detail::parameters_of(affine::over(r, bits), bits);
        detail::candidate_lanes lanes;
        detail::add_block<true>(points.data(), weights.data(), eights, p, lanes, set);
        if (rest > 0) detail::add_block<true>(last.data(), last_weights.data(), 1, p, lanes, set);
        out.push_back(detail::total_of(lanes, p, count));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
