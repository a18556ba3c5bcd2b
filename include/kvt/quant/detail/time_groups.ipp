#pragma once

#include <kvt/quant/time_groups.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::vector<std::size_t> balanced_bounds(std::size_t count, std::int64_t groups) {
    check_time_groups(groups);
    if (count == 0) throw quant_error{fault::empty_input, "time groups", "nothing to divide"};
    auto const wanted = std::min(static_cast<std::size_t>(groups), count);
    std::vector<std::size_t> bounds;
    bounds.reserve(wanted + 1);
    // floor(k * count / wanted), without the product
    for (std::size_t k = 0; k <= wanted; ++k) bounds.push_back(k * (count / wanted) + k * (count % wanted) / wanted);
    return bounds;
}

KVT_DECL std::vector<std::size_t> run_bounds(std::span<std::size_t const> bounds, std::int64_t size) {
    check_group_size(size);
    check_bounds(bounds);
    auto const step = static_cast<std::size_t>(size);
    std::vector<std::size_t> cut{bounds.begin(), bounds.begin() + (bounds.empty() ? 0 : 1)};
    for (std::size_t k = 1; k < bounds.size(); ++k) {
        while (bounds[k] - cut.back() > step) cut.push_back(cut.back() + step);
        cut.push_back(bounds[k]);
    }
    return cut;
}

KVT_DECL void check_bounds(std::span<std::size_t const> bounds) {
    for (std::size_t k = 1; k < bounds.size(); ++k)
        if (bounds[k - 1] >= bounds[k])
            throw quant_error{fault::invalid_time_range, "time group " + std::to_string(k - 1),
                              "begins at " + std::to_string(bounds[k - 1]) + " and ends at " +
                                  std::to_string(bounds[k]),
                              "a start before the end"};
}

}  // namespace kvt::inline KVT_ABI::quant
