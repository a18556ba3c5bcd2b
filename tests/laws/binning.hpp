// The laws of kvt::data::binning: every model of the concept passes them.
#pragma once

#include <kvt/data/binning.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace laws {

/// `shuffled` holds the same lengths as `lengths` in another order.
template <kvt::data::binning B>
void binning(B const& b, std::vector<std::int64_t> const& lengths, std::vector<std::int64_t> const& shuffled) {
    using namespace kvt::data;
    auto const edges = b.edges(lengths);
    REQUIRE_FALSE(edges.empty());
    CHECK(edges == b.edges(shuffled));
    for (std::size_t i = 0; i < edges.size(); ++i) {
        REQUIRE(edges[i].bin_idx == static_cast<std::int64_t>(i));
        REQUIRE(edges[i].token_min <= edges[i].token_max);
        if (i == 0) continue;
        REQUIRE(edges[i - 1].token_min <= edges[i].token_min);
        REQUIRE(edges[i - 1].token_max <= edges[i].token_max);
    }
    for (auto n : lengths) {  // every length has a bin, and longer ones never a lower bin
        auto const bin = bin_of(edges, n);
        REQUIRE(bin >= 0);
        REQUIRE(bin < static_cast<std::int64_t>(edges.size()));
        REQUIRE(bin_of(edges, n + 1) >= bin);
    }
    CHECK_THROWS_AS((void)b.edges({}), data_error);
}

}  // namespace laws
