// Definitions of quant/smoothness.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/smoothness.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline std::string group_at(std::string_view what, std::size_t i) {
    return std::string{what} + "[" + std::to_string(i) + "]";
}

inline void check_scales(std::span<double const> scale) {
    for (std::size_t g = 0; g < scale.size(); ++g)
        if (!(scale[g] >= 0) || !std::isfinite(scale[g]))
            throw quant_error{fault::invalid_scale, group_at("scale", g), shortest(scale[g]),
                              "a finite number, 0 or more"};
}

inline void check_lengths(std::string_view what, std::size_t a, std::size_t b) {
    if (a != b)
        throw quant_error{fault::length_mismatch, std::string{what},
                          std::to_string(a) + " and " + std::to_string(b) + " values", "one of each a group"};
}

}  // namespace detail

KVT_DECL void headline::check() const {
    if (!(threshold >= 0 && threshold <= 1))
        throw quant_error{fault::invalid_smoothness_threshold, "smoothness threshold", shortest(threshold), "0 to 1"};
    if (!(zero_point_norm > 0) || !std::isfinite(zero_point_norm))
        throw quant_error{fault::invalid_zero_point, "zero-point norm", shortest(zero_point_norm),
                          "a positive finite number"};
}

KVT_DECL smoothness headline::operator()(std::span<double const> scale, std::span<double const> zero_point) const {
    check();
    detail::check_lengths("scale and zero point", scale.size(), zero_point.size());
    detail::check_scales(scale);
    for (std::size_t g = 0; g < zero_point.size(); ++g)
        if (!std::isfinite(zero_point[g]))
            throw quant_error{fault::invalid_zero_point, detail::group_at("zero point", g), shortest(zero_point[g]),
                              "a finite number"};
    std::vector<double> jumps, shifts;
    for (std::size_t i = 0; i + 1 < scale.size(); ++i) {
        double const step = std::abs(scale[i + 1] - scale[i]);
        jumps.push_back(step == 0 ? 0 : step / scale[i]);
        shifts.push_back(std::abs(zero_point[i + 1] - zero_point[i]) / zero_point_norm);
    }
    return from_jumps(std::move(jumps), std::move(shifts));
}

KVT_DECL smoothness headline::operator()(std::span<value_range const> ranges, std::int32_t bits) const {
    check_bits(bits);
    std::vector<double> scale, zero_point;
    for (std::size_t g = 0; g < ranges.size(); ++g) {
        if (!(ranges[g].hi >= ranges[g].lo) || !std::isfinite(ranges[g].width()))
            throw quant_error{fault::invalid_scale, detail::group_at("range", g),
                              shortest(ranges[g].lo) + " to " + shortest(ranges[g].hi), "two finite ends in order"};
        auto const parameters = affine::over(ranges[g], bits);
        scale.push_back(parameters.scale);
        zero_point.push_back(parameters.zero_point());
    }
    return headline{threshold, static_cast<double>(top_code(bits))}(scale, zero_point);
}

KVT_DECL smoothness headline::from_jumps(std::vector<double> scale_jumps, std::vector<double> zero_point_jumps) const {
    check();
    detail::check_lengths("scale and zero-point jumps", scale_jumps.size(), zero_point_jumps.size());
    smoothness out{.scale_jumps = std::move(scale_jumps), .zero_point_jumps = std::move(zero_point_jumps)};
    double total = 0;
    for (std::size_t i = 0; i < out.scale_jumps.size(); ++i) {
        double const jump = out.scale_jumps[i], shift = out.zero_point_jumps[i];
        if (!(jump >= 0) || !(shift >= 0))
            throw quant_error{jump >= 0 ? fault::invalid_zero_point : fault::invalid_scale, detail::group_at("jump", i),
                              shortest(jump) + " and " + shortest(shift), "0 or more"};
        total += jump + shift;
        out.boundary_scores.push_back(1 - std::min(1.0, (jump + shift) / 2));
        if (jump > threshold) out.violations.push_back({static_cast<std::int64_t>(i), jump, shift, severity_of(jump)});
    }
    if (!out.scale_jumps.empty())
        out.score = 1 - std::min(1.0, total / (2 * static_cast<double>(out.scale_jumps.size())));
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
