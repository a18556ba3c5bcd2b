#include "laws/interval_rule.hpp"

#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/bootstrap_statistic.hpp>
#include <kvt/numeric/quantile.hpp>

using namespace kvt::numeric;

namespace {

struct backwards {
    template <class F> void parallel_for(std::size_t n, F const& f) const {
        while (n > 0) f(--n);
    }
};

auto const average = [](std::span<double const> v) { return *mean(v); };

}  // namespace

TEST_CASE("the statistic may be the mean: then it is the bootstrap of means, bit for bit") {
    auto const v = laws::some_scores("statistic", 57);
    statistic_bootstrap const rule{.resamples = 500, .alpha = 0.1, .seed = 5};
    bootstrap const means{.resamples = 500, .alpha = 0.1, .seed = 5};
    CHECK(rule.replicates(57, value_statistic(v, average), "x") == means.means(v, "x"));
    auto const got = *rule.of(57, value_statistic(v, average), "x");
    CHECK(interval{*got.low, *got.high} == *means.mean(v, "x"));
    CHECK(got.estimate == *mean(v));
    CHECK(got.standard_error == doctest::Approx(*population_std(v) / std::sqrt(57.0)).epsilon(0.1));
    CHECK(std::abs(got.bias) < 0.01);
    CHECK_FALSE(got.correction);
}

TEST_CASE("who runs the resamples does not matter") {
    auto const v = laws::some_scores("order", 31);
    auto const middle = value_statistic(v, [](std::span<double const> x) { return *median(x); });
    statistic_bootstrap const rule{.method = interval_method::bca};
    CHECK(rule.replicates(31, middle, "x") == rule.replicates(31, middle, "x", backwards{}));
    auto const a = *rule.of(31, middle, "x"), b = *rule.of(31, middle, "x", backwards{});
    CHECK(a.low == b.low);
    CHECK(a.high == b.high);
}

TEST_CASE("the jackknife leaves each unit out once") {
    std::vector<double> const v{1, 2, 4, 8};
    auto const sum_of = value_statistic(v, [](std::span<double const> x) { return sum(x); });
    CHECK(statistic_bootstrap::jackknife(4, sum_of) == std::vector<double>{14, 13, 11, 7});
    CHECK(statistic_bootstrap::jackknife(1, sum_of) == std::vector<double>{0});
}

TEST_CASE("BCa covers a skewed statistic better than percentile") {
    // The variance of 20 exponential values: its replicates are biased low and skewed. 600 experiments, true value 1.
    kvt::random_stream some{10, "coverage"};
    int percentile_covers = 0, bca_covers = 0;
    auto const variance = [](std::span<double const> x) {
        double const s = population_std(x).value_or(0);
        return s * s;
    };
    for (int experiment = 0; experiment < 600; ++experiment) {
        std::vector<double> v(20);
        for (double& x : v) x = -std::log1p(-some.unit());
        auto const covers = [&](interval_method method) {
            statistic_bootstrap const rule{.resamples = 400, .alpha = 0.1, .method = method};
            auto const got = *rule.of(20, value_statistic(v, variance), std::to_string(experiment));
            return *got.low <= 1 && 1 <= *got.high;
        };
        percentile_covers += covers(interval_method::percentile);
        bca_covers += covers(interval_method::bca);
    }
    CHECK(percentile_covers < 450);  // far below 540
    CHECK(bca_covers > percentile_covers + 20);
}

TEST_CASE("pairs stay together") {
    auto const a = laws::some_scores("pairs", 40);
    std::vector<double> b;
    for (double const v : a) b.push_back(2 * v + 1);
    auto const slope = paired_statistic(a, b, [](std::span<double const> x, std::span<double const> y) {
        double const mx = *mean(x), my = *mean(y);
        double xy = 0;
        for (std::size_t i = 0; i < x.size(); ++i) xy += (x[i] - mx) * (y[i] - my);
        return xy / squared_distances(x, mx);
    });
    auto const got = *statistic_bootstrap{}.of(40, slope, "slope");
    CHECK(*got.low == doctest::Approx(2));
    CHECK(*got.high == doctest::Approx(2));
    auto const no = [](std::span<double const>, std::span<double const>) { return 0.0; };
    CHECK_THROWS_AS((void)paired_statistic(a, std::span{b}.first(3), no), kvt::error);
}

TEST_CASE("undefined replicates are left out and counted") {
    // One over the number of ones: undefined where none was drawn, which happens to (2/3)^3 of the resamples.
    std::vector<double> const v{0, 0, 1};
    auto const inverse = value_statistic(v, [](std::span<double const> x) { return 1 / sum(x); });
    auto const got = *statistic_bootstrap{.resamples = 10'000}.of(3, inverse, "undefined");
    CHECK(static_cast<double>(got.undefined) == doctest::Approx(10'000 * 8 / 27.0).epsilon(0.05));
    CHECK(*got.low == doctest::Approx(1 / 3.0));
    CHECK(*got.high == 1);
    auto const never = [](std::span<std::uint32_t const> i) { return i[0] == 0 && i[1] == 1 ? 1.0 : std::nan(""); };
    auto const few = *statistic_bootstrap{.resamples = 1}.of(2, never, "g");
    CHECK(few.low.has_value() == (few.undefined == 0));
}

TEST_CASE("nothing, a sample without the statistic, and parameters out of range") {
    auto const one = [](std::span<std::uint32_t const>) { return 1.0; };
    CHECK_FALSE(statistic_bootstrap{}.of(0, one, "x"));
    CHECK_FALSE(statistic_bootstrap{}.of(
        3, [](std::span<std::uint32_t const>) { return std::nan(""); }, "x"));
    CHECK_THROWS_AS((void)statistic_bootstrap{.resamples = 0}.of(3, one, "x"), kvt::error);
    CHECK_THROWS_AS((void)statistic_bootstrap{.alpha = -1}.of(3, one, "x"), kvt::error);
    auto const got = *statistic_bootstrap{.method = interval_method::bca}.of(1, one, "x");
    CHECK(got.low == 1);
    CHECK(got.high == 1);
}
