#pragma once

#include <kvt/cache/policy.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL void keep_range(std::int32_t first, std::int32_t last, std::vector<std::int32_t>& kept) {
    for (std::int32_t slot = first; slot < last; ++slot) kept.push_back(slot);
}

KVT_DECL void keep_highest(std::span<float const> scores, std::int32_t first, std::int32_t count,
                           std::vector<std::int32_t>& kept) {
    std::vector<std::int32_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::int32_t{0});
    auto const score = [&](std::int32_t slot) {
        float const x = scores[static_cast<std::size_t>(slot)];
        return std::isnan(x) ? -std::numeric_limits<float>::infinity() : x;
    };
    auto const better = [&](std::int32_t a, std::int32_t b) {
        float const x = score(a), y = score(b);
        return x != y ? x > y : a > b;
    };
    count = std::min(count, static_cast<std::int32_t>(order.size()));
    std::nth_element(order.begin(), order.begin() + count, order.end(), better);
    std::sort(order.begin(), order.begin() + count);
    for (std::int32_t i = 0; i < count; ++i) kept.push_back(first + order[static_cast<std::size_t>(i)]);
}

}  // namespace kvt::inline KVT_ABI::cache
