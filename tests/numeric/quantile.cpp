#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/quantile.hpp>

#include <algorithm>
#include <limits>
#include <vector>

using namespace kvt::numeric;

TEST_CASE("percentiles interpolate between order statistics") {
    std::vector<double> const v{5, 1, 4, 2, 3};
    CHECK(*percentile(v, 0) == 1);
    CHECK(*percentile(v, 0.25) == 2);
    CHECK(*percentile(v, 0.5) == 3);
    CHECK(*median(v) == 3);
    CHECK(*percentile(v, 0.95) == doctest::Approx(4.8));
    CHECK(*percentile(v, 1) == 5);
    CHECK(*median(std::vector{1.0, 2.0}) == 1.5);
    CHECK_FALSE(percentile(std::vector<double>{}, 0.5));
}

TEST_CASE("percentiles do not depend on order and grow with p") {
    kvt::random_stream stream{3, "quantile"};
    for (int round = 0; round < 50; ++round) {
        std::vector<double> v(1 + stream.below(30));
        for (double& x : v) x = stream.unit();
        auto mixed = v;
        std::ranges::sort(mixed, std::ranges::greater{});
        double before = *percentile(v, 0);
        CHECK(before == *std::ranges::min_element(v));
        for (double const p : {0.1, 0.33, 0.5, 0.95, 1.0}) {
            double const now = *percentile(v, p);
            CHECK(now == *percentile(mixed, p));
            CHECK(now >= before);
            before = now;
        }
        CHECK(before == *std::ranges::max_element(v));
    }
}

TEST_CASE("what is not a number, or not a share, is refused") {
    CHECK_THROWS_WITH_AS((void)percentile(std::vector{1.0, std::numeric_limits<double>::quiet_NaN()}, 0.5),
                         "percentile: a value is not a number", kvt::error);
    CHECK_THROWS_AS((void)percentile(std::vector{1.0}, 1.5), kvt::error);
    CHECK_THROWS_AS((void)percentile(std::vector{1.0}, std::numeric_limits<double>::quiet_NaN()), kvt::error);
}

TEST_CASE("percentiles without sorting are those with, and several at once are each alone") {
    kvt::random_stream some{28, "percentiles"};
    std::vector<double> const shares{0, 0.01, 0.25, 0.5, 0.9, 0.99, 1};
    for (std::size_t const n : {1U, 2U, 3U, 10U, 1001U}) {
        std::vector<double> values(n);
        for (double& v : values) v = n == 10 ? static_cast<double>(some.below(3)) : some.unit();
        auto sorted = values;
        std::ranges::sort(sorted);
        auto const all = percentiles(values, shares);
        REQUIRE(all.size() == shares.size());
        for (std::size_t i = 0; i < shares.size(); ++i) {
            CHECK(percentile(values, shares[i]) == percentile_sorted(sorted, shares[i]));
            CHECK(all[i] == percentile_sorted(sorted, shares[i]));
        }
    }
    CHECK(percentiles({}, shares).empty());
}
