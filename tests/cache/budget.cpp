#include <doctest/doctest.h>

#include <kvt/cache/budget.hpp>
#include <kvt/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace cache = kvt::cache;

TEST_CASE("halves round to even, everything else to the nearest") {
    CHECK(cache::round_half_even(0.5) == 0);
    CHECK(cache::round_half_even(1.5) == 2);
    CHECK(cache::round_half_even(2.5) == 2);
    CHECK(cache::round_half_even(2.4999999) == 2);
    CHECK(cache::round_half_even(2.5000001) == 3);
    CHECK(cache::round_half_even(148.8) == 149);
    CHECK(cache::round_half_even(0) == 0);
}

TEST_CASE("nominal minus stored is zero") {
    kvt::random_stream draw{1, "budget"};
    for (int i = 0; i < 2000; ++i) {
        double const budget = 1.0 - draw.unit();
        auto const tokens = static_cast<std::int64_t>(1 + draw.below(5000));
        auto const layers = static_cast<std::int64_t>(1 + draw.below(40)),
                   heads = static_cast<std::int64_t>(1 + draw.below(16));
        auto const slots = cache::distribute(budget, tokens, layers, heads);
        std::int64_t sum = 0;
        for (auto s : slots) sum += s;
        REQUIRE(sum == cache::round_half_even(budget * static_cast<double>(tokens * layers * heads)));
        REQUIRE(slots.front() - slots.back() <= 1);
        REQUIRE(std::is_sorted(slots.rbegin(), slots.rend()));
        REQUIRE(slots.front() <= tokens);
    }
    CHECK(cache::distribute(0.2, 124, 3, 2) == std::vector<std::int64_t>{25, 25, 25, 25, 25, 24});
    CHECK(cache::distribute(1, 124, 3, 2) == std::vector<std::int64_t>(6, 124));
}

TEST_CASE("largest remainder: shares sum to the total, ties go to the lower index") {
    CHECK(cache::apportion(10, std::vector<double>{1, 1, 1}) == std::vector<std::int64_t>{4, 3, 3});
    CHECK(cache::apportion(10, std::vector<double>{1, 2, 1}) == std::vector<std::int64_t>{3, 5, 2});
    CHECK(cache::apportion(7, std::vector<double>{0, 1, 0}) == std::vector<std::int64_t>{0, 7, 0});
    // Quotas 41.6, 31.2, 20.8, 6.4 of a total of 100: floors 41 31 20 6, the rest to 20.8 and 41.6.
    CHECK(cache::apportion(100, std::vector<double>{416, 312, 208, 64}) == std::vector<std::int64_t>{42, 31, 21, 6});
    kvt::random_stream draw{2, "apportion"};
    for (int i = 0; i < 500; ++i) {
        std::vector<double> weights(1 + draw.below(60));
        for (double& w : weights) w = draw.unit();
        auto const total = static_cast<std::int64_t>(draw.below(100000));
        auto const shares = cache::apportion(total, weights);
        std::int64_t sum = 0;
        for (auto s : shares) {
            REQUIRE(s >= 0);
            sum += s;
        }
        REQUIRE(sum == total);
    }
}

TEST_CASE("equal weights give what distribute gives") {
    for (double budget : {0.05, 0.1, 0.2, 0.5, 0.8}) {
        auto const total = cache::total_slots(budget, 921, 6);
        CHECK(cache::apportion(total, std::vector<double>(6, 1.0)) == cache::distribute(budget, 921, 3, 2));
    }
}

TEST_CASE("budgets outside (0, 1] are refused in one line") {
    for (double bad : {0.0, -0.1, 1.0001, 20.0, std::nan("")}) CHECK_THROWS_AS(cache::check_budget(bad), kvt::error);
    CHECK_NOTHROW(cache::check_budget(1));
    CHECK_THROWS_WITH(cache::check_budget(1.5),
                      "kv.budget: a budget of 1.500000; expected a fraction of the full cache in (0, 1]");
}

TEST_CASE("payload bytes") {
    CHECK(cache::payload_bytes(1, 64, 32) == 512);
    CHECK(cache::payload_bytes(6 * 124, 64, 32) == 124 * 3072);  // the recall model: 3,072 bytes a token
}
