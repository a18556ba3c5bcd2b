#pragma once

#include <kvt/numeric/corrections.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {
/// Positions of the p-values from small to large; ties keep their order.
[[nodiscard]] KVT_DECL std::vector<std::size_t> ascending(std::span<double const> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}
}  // namespace detail

KVT_DECL std::vector<double> holm(std::span<double const> p) {
    auto const order = detail::ascending(p);
    std::vector<double> adjusted(p.size());
    double largest = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        double const raised = static_cast<double>(p.size() - rank) * p[order[rank]];
        adjusted[order[rank]] = largest = std::max(largest, std::min(1.0, raised));
    }
    return adjusted;
}

KVT_DECL std::vector<double> benjamini_hochberg(std::span<double const> p) {
    auto const order = detail::ascending(p);
    std::vector<double> adjusted(p.size());
    double smallest = 1;
    for (std::size_t rank = order.size(); rank-- > 0;) {
        double const raised = static_cast<double>(p.size()) * p[order[rank]] / static_cast<double>(rank + 1);
        adjusted[order[rank]] = smallest = std::min(smallest, raised);
    }
    return adjusted;
}

}  // namespace kvt::inline KVT_ABI::numeric
