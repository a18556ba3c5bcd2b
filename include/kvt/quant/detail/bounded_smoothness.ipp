// Definitions of quant/bounded_smoothness.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/bounded_smoothness.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The bounded metric of groups as wide as `scale * codes`.
inline bounded_result bounded_over(std::span<double const> scale, std::span<double const> lo, double codes) {
    if (scale.size() != lo.size())
        throw quant_error{fault::length_mismatch, "scale and offset",
                          std::to_string(scale.size()) + " and " + std::to_string(lo.size()) + " values",
                          "one of each a group"};
    for (std::size_t g = 0; g < scale.size(); ++g) {
        auto const at = "[" + std::to_string(g) + "]";
        if (!(scale[g] >= 0) || !std::isfinite(scale[g]))
            throw quant_error{fault::invalid_scale, "scale" + at, shortest(scale[g]), "a finite number, 0 or more"};
        if (!std::isfinite(lo[g]))
            throw quant_error{fault::non_finite_input, "offset" + at, shortest(lo[g]), "a finite number"};
    }
    std::vector<double> jumps, shifts;
    for (std::size_t i = 0; i + 1 < scale.size(); ++i) {
        double const larger = std::max(scale[i], scale[i + 1]);
        double const shift = std::abs(lo[i + 1] - lo[i]);
        jumps.push_back(larger == 0 ? 0 : std::abs(scale[i + 1] - scale[i]) / larger);
        shifts.push_back(shift == 0 ? 0 : larger == 0 ? 1 : std::min(1.0, shift / larger / codes));
    }
    return bounded{}.from_jumps(std::move(jumps), std::move(shifts));
}

}  // namespace detail

KVT_DECL bounded_result bounded::operator()(std::span<double const> scale, std::span<double const> lo,
                                            std::int32_t bits) const {
    check_bits(bits);
    return detail::bounded_over(scale, lo, top_code(bits));
}

KVT_DECL bounded_result bounded::operator()(std::span<value_range const> ranges) const {
    std::vector<double> width, lo;
    for (auto const& r : ranges) {
        width.push_back(r.width());
        lo.push_back(r.lo);
    }
    return detail::bounded_over(width, lo, 1);
}

KVT_DECL bounded_result bounded::from_jumps(std::vector<double> scale_jumps, std::vector<double> offset_jumps) const {
    if (scale_jumps.size() != offset_jumps.size())
        throw quant_error{fault::length_mismatch, "scale and offset jumps",
                          std::to_string(scale_jumps.size()) + " and " + std::to_string(offset_jumps.size()) +
                              " values",
                          "one of each a boundary"};
    bounded_result out{.scale_jumps = std::move(scale_jumps), .offset_jumps = std::move(offset_jumps)};
    double total = 0;
    for (std::size_t i = 0; i < out.scale_jumps.size(); ++i) {
        out.boundary_scores.push_back(1 - (out.scale_jumps[i] + out.offset_jumps[i]) / 2);
        total += out.boundary_scores.back();
    }
    if (!out.boundary_scores.empty()) out.score = total / static_cast<double>(out.boundary_scores.size());
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
