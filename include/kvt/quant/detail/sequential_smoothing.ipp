// Definitions of quant/sequential_smoothing.hpp.
#pragma once

#include <kvt/quant/sequential_smoothing.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL void sequential_smoothing::smooth(std::span<double> scale, std::span<double> zero_point) const {
    check();
    if (scale.size() != zero_point.size())
        throw quant_error{fault::length_mismatch, "scale and zero point",
                          std::to_string(scale.size()) + " and " + std::to_string(zero_point.size()) + " values",
                          "one of each a group"};
    auto const reach = static_cast<std::size_t>(window);
    for (std::size_t i = 0; i + 1 < scale.size(); ++i) {
        double const scale_left = scale[i], scale_right = scale[i + 1];
        double const zero_left = zero_point[i], zero_right = zero_point[i + 1];
        auto const left = std::min(reach, i + 1), right = std::min(reach, scale.size() - 1 - i), all = left + right;
        for (std::size_t k = 0; k < all; ++k) {
            double const w = weight_at(method, static_cast<double>(k + 1) / static_cast<double>(all + 1));
            auto const g = i + 1 - left + k;
            scale[g] = scale_left * (1 - w) + scale_right * w;
            zero_point[g] = zero_left * (1 - w) + zero_right * w;
        }
    }
}

KVT_DECL refined sequential_smoothing::operator()(grouped_values const& tensor,
                                                  std::span<value_range const> start) const {
    check();
    auto out = start_from(tensor, start);
    if (std::ranges::any_of(start, [](value_range r) { return r.degenerate(); })) {
        out.note = "a group has one value: it has no scale to blend";
        return out;
    }
    std::vector<double> scale, zero_point;
    for (auto const r : start) {
        auto const a = affine::over(r, tensor.bits);
        scale.push_back(a.scale);
        zero_point.push_back(a.zero_point());
    }
    smooth(scale, zero_point);
    std::vector<value_range> ranges;
    for (std::size_t g = 0; g < scale.size(); ++g) {
        double const lo = -zero_point[g] * scale[g];
        ranges.push_back({lo, lo + scale[g] * top_code(tensor.bits)});
    }
    settle(out, start.size() < 2 ? std::vector(start.begin(), start.end()) : std::move(ranges), tensor.bits);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
