#include "../laws/binning.hpp"

#include <kvt/core/random.hpp>
#include <kvt/data/binning.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::data;

namespace {

// The rule as it is written: a look at every bin.
std::int64_t by_the_rule(std::vector<bin_edge> const& edges, std::int64_t n) {
    for (auto const& e : edges)
        if (e.token_min <= n && n <= e.token_max) return e.bin_idx;
    if (n < edges.front().token_min) return 0;
    if (n > edges.back().token_max) return edges.back().bin_idx;
    std::int64_t best = 0, nearest = std::numeric_limits<std::int64_t>::max();
    for (auto const& e : edges)
        for (auto end : {e.token_min, e.token_max})
            if (std::abs(end - n) < nearest) nearest = std::abs(end - n), best = e.bin_idx;
    return best;
}

}  // namespace

TEST_CASE("quantile bins of small samples") {
    std::vector<std::int64_t> const ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    CHECK(quantile_bins{5}.edges(ten) == std::vector<bin_edge>{{0, 1, 2}, {1, 3, 4}, {2, 5, 6}, {3, 7, 8}, {4, 9, 10}});
    CHECK(quantile_bins{1}.edges(ten) == std::vector<bin_edge>{{0, 1, 10}});
    std::vector<std::int64_t> const one{10};
    CHECK(quantile_bins{3}.edges(one) == std::vector<bin_edge>{{0, 10, 10}, {1, 10, 10}, {2, 10, 10}});
}

TEST_CASE("cuts are products in double: 30 lengths in 22 bins differ from exact division") {
    std::vector<std::int64_t> thirty;
    for (std::int64_t i = 0; i < 30; ++i) thirty.push_back(i);
    auto const edges = quantile_bins{22}.edges(thirty);
    std::size_t differing = 0;
    for (std::int64_t i = 0; i < 22; ++i) differing += edges[static_cast<std::size_t>(i)].token_min != i * 30 / 22;
    CHECK(differing > 0);
}

TEST_CASE("what cannot be binned is refused, lengths first") {
    auto const code = [](std::vector<std::int64_t> const& lengths, std::int64_t n) {
        return error_of<data_error>([&] { (void)quantile_bins{n}.edges(lengths); }).value().code();
    };
    CHECK(code({}, 0) == fault::empty_input);
    CHECK(code({1}, 0) == fault::bad_n_bins);
    CHECK(code({1}, -3) == fault::bad_n_bins);
    CHECK(code({1}, 1'000'000'000'000'000) == fault::bad_n_bins);
}

TEST_CASE("quantile bins keep the laws, and every length finds the bin that the rule names") {
    random_stream stream{9, "binning"};
    for (int round = 0; round < 400; ++round) {
        std::vector<std::int64_t> lengths(1 + stream.below(60));
        auto const spread = 1 + stream.below(100);
        for (auto& n : lengths) n = static_cast<std::int64_t>(stream.below(spread));
        auto shuffled = lengths;
        for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[stream.below(i)]);
        quantile_bins const bins{1 + static_cast<std::int64_t>(stream.below(25))};
        laws::binning(bins, lengths, shuffled);
        auto const edges = bins.edges(lengths);
        REQUIRE(static_cast<std::int64_t>(edges.size()) == bins.n_bins);
        auto const [least, most] = std::minmax_element(lengths.begin(), lengths.end());
        CHECK(edges.front().token_min == *least);
        CHECK(edges.back().token_max == *most);
        for (std::int64_t n = -2; n < 110; ++n)
            if (bin_of(edges, n) != by_the_rule(edges, n)) FAIL("length " << n << ", round " << round);
    }
}
