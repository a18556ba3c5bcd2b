#include "laws/interval_rule.hpp"

#include <kvt/numeric/bootstrap_blocks.hpp>
#include <kvt/numeric/bootstrap_statistic.hpp>

using namespace kvt::numeric;

TEST_CASE("blocks hold their observations in order") {
    std::vector<std::uint32_t> const block_of{1, 0, 1, 2, 0};
    blocks const all{block_of};
    REQUIRE(all.size() == 3);
    CHECK(std::vector(all[0].begin(), all[0].end()) == std::vector<std::uint32_t>{1, 4});
    CHECK(std::vector(all[1].begin(), all[1].end()) == std::vector<std::uint32_t>{0, 2});
    CHECK(std::vector(all[2].begin(), all[2].end()) == std::vector<std::uint32_t>{3});
    CHECK(all.sums(std::vector{1.0, 2.0, 4.0, 8.0, 16.0}) == std::vector<double>{18, 5, 8});
    CHECK(blocks{std::vector<std::uint32_t>{}}.size() == 0);
    CHECK_THROWS_AS(blocks{(std::vector<std::uint32_t>{0, 2, 2})}, kvt::error);
    CHECK_THROWS_AS(blocks{(std::vector<std::uint32_t>{0, 9})}, kvt::error);
    CHECK_THROWS_AS((void)all.sums(std::vector{1.0}), kvt::error);
}

TEST_CASE("blocks of one observation each are the plain bootstrap") {
    auto const v = laws::some_scores("single blocks", 12);
    std::vector<std::uint32_t> each(12);
    std::iota(each.begin(), each.end(), 0U);
    blocks const all{each};
    auto const total = [&](std::span<std::uint32_t const> i) {
        double t = 0;
        for (auto const k : i) t += v[k];
        return t;
    };
    statistic_bootstrap const rule{};
    CHECK(rule.replicates(all.size(), block_statistic(all, total), "x") == rule.replicates(12, total, "x"));
}

TEST_CASE("observations that repeat within a block add nothing to what is known") {
    // Each value ten times over: drawn one by one the mean looks three times as sure as it is.
    auto const v = laws::some_scores("repeats", 30);
    std::vector<double> repeated;
    std::vector<std::uint32_t> block_of;
    for (std::uint32_t b = 0; b < 30; ++b)
        for (int k = 0; k < 10; ++k) repeated.push_back(v[b]), block_of.push_back(b);
    blocks const all{block_of};
    auto const average = [&](std::span<std::uint32_t const> i) {
        double t = 0;
        for (auto const k : i) t += repeated[k];
        return t / static_cast<double>(i.size());
    };
    statistic_bootstrap const rule{.resamples = 4000};
    auto const in_blocks = *rule.of(all.size(), block_statistic(all, average), "x");
    auto const alone = *rule.of(300, average, "x");
    double const truth = *population_std(v) / std::sqrt(30.0);
    CHECK(in_blocks.standard_error == doctest::Approx(truth).epsilon(0.05));
    CHECK(alone.standard_error == doctest::Approx(truth / std::sqrt(10.0)).epsilon(0.05));
    // A ratio of sums over the blocks says the same as the observations themselves.
    auto const above = all.sums(repeated), below = all.sums(std::vector<double>(300, 1.0));
    auto const ratio = *rule.of(all.size(), ratio_statistic(above, below), "x");
    CHECK(*ratio.low == doctest::Approx(*in_blocks.low).epsilon(1e-12));
    CHECK(*ratio.high == doctest::Approx(*in_blocks.high).epsilon(1e-12));
    CHECK_THROWS_AS((void)ratio_statistic(above, std::span{below}.first(2)), kvt::error);
}
