#pragma once

#include <kvt/data/binning.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::data {

KVT_DECL std::vector<bin_edge> quantile_bins::edges(std::span<std::int64_t const> lengths) const {
    if (lengths.empty()) throw data_error{fault::empty_input, "binning", "no lengths to bin"};
    if (n_bins < 1 || n_bins > most_bins)
        throw data_error{fault::bad_n_bins, "binning.n_bins", std::to_string(n_bins), "1.." + std::to_string(most_bins),
                         error_kind::usage};
    std::vector<std::int64_t> sorted(lengths.begin(), lengths.end());
    std::sort(sorted.begin(), sorted.end());
    auto const n = static_cast<std::int64_t>(sorted.size());
    auto const at = [&](std::int64_t i) { return sorted[static_cast<std::size_t>(i)]; };
    std::vector<bin_edge> edges;
    edges.reserve(static_cast<std::size_t>(n_bins));
    double const width = static_cast<double>(n) / static_cast<double>(n_bins);
    for (std::int64_t i = 0; i < n_bins; ++i) {
        std::int64_t first = std::min(i, n - 1), last = first;
        if (n_bins < n) {
            first = static_cast<std::int64_t>(static_cast<double>(i) * width);
            last = i + 1 == n_bins ? n - 1 : static_cast<std::int64_t>(static_cast<double>(i + 1) * width) - 1;
        }
        edges.push_back({i, at(first), at(last)});
    }
    return edges;
}

KVT_DECL std::int64_t bin_of(std::span<bin_edge const> edges, std::int64_t length) {
    // Both ends ascend, so the lowest containing bin is the first whose end is not below the length, if it contains it.
    auto const above = std::lower_bound(edges.begin(), edges.end(), length,
                                        [](bin_edge const& e, std::int64_t x) { return e.token_max < x; });
    if (above == edges.end()) return edges.back().bin_idx;
    if (above->token_min <= length || above == edges.begin()) return above->bin_idx;
    // In a gap: bins with the same end before it are equally near; the lowest of them wins.
    auto const below = std::prev(above)->token_max;
    if (length - below > above->token_min - length) return above->bin_idx;
    return std::lower_bound(edges.begin(), above, below,
                            [](bin_edge const& e, std::int64_t x) { return e.token_max < x; })
        ->bin_idx;
}

}  // namespace kvt::inline KVT_ABI::data
