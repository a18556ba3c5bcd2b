#pragma once

#include <kvt/quant/compat_8bit.hpp>
#include <kvt/quant/time_groups.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL parameters_8bit compat_parameters(std::span<double const> least, std::span<double const> greatest,
                                           std::int64_t time_groups) {
    if (least.size() != greatest.size())
        throw quant_error{fault::length_mismatch, "timesteps",
                          std::to_string(least.size()) + " least and " + std::to_string(greatest.size()) +
                              " greatest values"};
    parameters_8bit out;
    out.bounds = balanced_bounds(least.size(), time_groups);
    auto const groups = out.bounds.size() - 1;
    value_range whole;
    for (std::size_t k = 0; k < groups; ++k) {
        auto const begin = out.bounds[k], size = out.bounds[k + 1] - begin;
        auto const pair = pair_8bit::over(
            {std::ranges::min(least.subspan(begin, size)), std::ranges::max(greatest.subspan(begin, size))});
        out.groups.push_back(pair);
        out.group_size_hint.push_back(k < groups / 2 ? 256 : 64);
        value_range const held{-pair.zero_point * pair.scale, (255 - pair.zero_point) * pair.scale};
        whole = k == 0 ? held : value_range{std::min(whole.lo, held.lo), std::max(whole.hi, held.hi)};
    }
    out.all = pair_8bit::over(whole);
    return out;
}

KVT_DECL std::vector<std::uint8_t> compat_encode(std::span<double const> values, pair_8bit pair) {
    if (values.empty()) throw quant_error{fault::empty_input, "values", "none"};
    if (!std::isfinite(pair.scale) || pair.scale <= 0)
        throw quant_error{fault::invalid_scale, "scale", std::to_string(pair.scale), "a finite number above 0"};
    if (!std::isfinite(pair.zero_point))
        throw quant_error{fault::invalid_zero_point, "zero point", std::to_string(pair.zero_point), "a finite number"};
    std::vector<std::uint8_t> codes;
    codes.reserve(values.size());
    for (double const x : values) {
        if (!std::isfinite(x))
            throw quant_error{fault::non_finite_input, "value " + std::to_string(codes.size()), "not finite"};
        codes.push_back(
            static_cast<std::uint8_t>(std::clamp(std::round(x / pair.scale + pair.zero_point), 0.0, 255.0)));
    }
    return codes;
}

}  // namespace kvt::inline KVT_ABI::quant
