#include "laws/interval_rule.hpp"

#include <kvt/core/json.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/quantile.hpp>

#include <limits>

using namespace kvt::numeric;

TEST_CASE("the bootstrap keeps the laws of an interval rule") {
    laws::check_interval_rule(bootstrap{});
    laws::check_interval_rule(bootstrap{.resamples = 4000, .alpha = 0.2, .seed = -7});
    laws::check_interval_rule(bootstrap{.rng = generator::mt19937});
}

TEST_CASE("known intervals, bit for bit") {
    std::vector<double> const v{0.956, 0.948, 0.057, 0.085, 0.835, 0.736, 0.67, 0.308};
    CHECK(*bootstrap{}.mean(v, "bootstrap|g_budget_1.0|0") == interval{0.313875, 0.8014999999999999});
    CHECK(*bootstrap{.seed = 7}.mean(v, "bootstrap|g_budget_1.0|0") == interval{0.335125, 0.8111250000000001});
    CHECK(*bootstrap{.rng = generator::mt19937}.mean(v, "") == interval{0.32625, 0.80875});
}

TEST_CASE("each label draws its own stream; the reference's generator has one for all") {
    auto const v = laws::some_scores("labels", 20);
    bootstrap const ours, theirs{.rng = generator::mt19937};
    CHECK(ours.means(v, "a") != ours.means(v, "b"));
    CHECK(theirs.means(v, "a") == theirs.means(v, "b"));
    CHECK(bootstrap{.seed = 1}.means(v, "a") != bootstrap{.seed = 2}.means(v, "a"));
}

TEST_CASE("a longer run of resamples continues a shorter one") {
    auto const v = laws::some_scores("prefix", 13);
    auto const some = bootstrap{.resamples = 50}.means(v, "x"), more = bootstrap{.resamples = 80}.means(v, "x");
    CHECK(std::equal(some.begin(), some.end(), more.begin()));
}

TEST_CASE("resamples can be computed from any place in the stream") {
    // What lets a draw be made out of order: resample r starts n·r draws into the stream (no draw is rejected here).
    auto const v = laws::some_scores("places", 9);
    kvt::random_stream const stream{1337, "x"};
    auto const means = bootstrap{.resamples = 100}.means(v, "x");
    for (std::size_t r : {0U, 1U, 42U, 99U}) {
        auto from = stream;
        from.skip(r * v.size());
        double one = 0;
        resample_means(v, from, std::span{&one, 1});
        CHECK(one == means[r]);
    }
}

TEST_CASE("resampled means have the mean and the spread that theory gives them") {
    auto const v = laws::some_scores("theory", 30);
    auto const means = bootstrap{.resamples = 100'000}.means(v, "theory");
    double const spread = *population_std(v) / std::sqrt(30.0);
    CHECK(*mean(means) == doctest::Approx(*mean(v)).epsilon(0.002));
    CHECK(*population_std(means) == doctest::Approx(spread).epsilon(0.01));
    // and the interval is theirs: it holds their middle, and close to 95 % of them.
    auto const range = *bootstrap{.resamples = 100'000}.mean(v, "theory");
    CHECK(range.low < *median(means));
    CHECK(*median(means) < range.high);
    auto const inside = std::ranges::count_if(means, [&](double m) { return m >= range.low && m <= range.high; });
    CHECK(static_cast<double>(inside) / 1e5 == doctest::Approx(0.95).epsilon(0.002));
}

TEST_CASE("many values: bootstrap and normal interval agree") {
    auto const v = laws::some_scores("many", 2000);
    auto const a = *bootstrap{.resamples = 20'000}.mean(v, "many"), b = *normal_interval{}.mean(v);
    double const width = b.high - b.low;
    CHECK(std::abs(a.low - b.low) < 0.03 * width);
    CHECK(std::abs(a.high - b.high) < 0.03 * width);
}

TEST_CASE("intervals cover the true mean nearly as often as they promise") {
    // 2000 experiments of 40 coin tosses with p = 0.6. The percentile interval is known to be a little too narrow at
    // this size; the count's own standard deviation is about 10.
    int covered = 0;
    kvt::random_stream coins{99, "coverage"};
    for (int experiment = 0; experiment < 2000; ++experiment) {
        std::vector<double> tosses(40);
        for (double& t : tosses) t = coins.unit() < 0.6 ? 1 : 0;
        auto const range = *bootstrap{.resamples = 400}.mean(tosses, "coverage|" + std::to_string(experiment));
        covered += range.low <= 0.6 && 0.6 <= range.high;
    }
    CHECK(covered > 1820);
    CHECK(covered < 1930);
}

TEST_CASE("pairing makes a small but steady difference visible") {
    auto const base = laws::some_scores("pairing", 60);
    std::vector<double> lower;
    for (double const v : base) lower.push_back(v - 0.02);
    auto const paired = *paired_difference(bootstrap{}, lower, base, "pairing");
    CHECK(paired.high < 0);
    CHECK(paired.low == doctest::Approx(-0.02));
    auto const alone = *bootstrap{}.mean(base, "a"), other = *bootstrap{}.mean(lower, "b");
    CHECK(other.high > alone.low);  // unpaired intervals overlap
}

TEST_CASE("groups are drawn one after another from one stream, and weigh the same whatever their sizes") {
    std::vector<double> const few{0, 1, 1}, many{0.1, 0.2, 0.3, 0.4, 0.5};
    std::vector<std::span<double const>> const groups{few, many};
    auto const means = bootstrap{.resamples = 20}.means(groups, "x");
    kvt::random_stream stream{1337, "x"};
    for (double const seen : means) {
        double one = 0, other = 0;
        for (int i = 0; i < 3; ++i) one += few[stream.below(3)];
        for (int i = 0; i < 5; ++i) other += many[stream.below(5)];
        CHECK(seen == (one / 3 + other / 5) / 2);
    }
}

TEST_CASE("positions of the ends, also for few resamples and extreme coverage") {
    CHECK(bootstrap{}.positions() == std::pair<std::size_t, std::size_t>{25, 975});
    CHECK(bootstrap{.resamples = 1}.positions() == std::pair<std::size_t, std::size_t>{0, 0});
    CHECK(bootstrap{.alpha = 0}.positions() == std::pair<std::size_t, std::size_t>{0, 999});
    CHECK(bootstrap{.alpha = 1}.positions() == std::pair<std::size_t, std::size_t>{500, 500});
}

TEST_CASE("parameters and values out of range are refused, with the key named") {
    std::vector<double> const v{1.0};
    CHECK_THROWS_WITH_AS((void)bootstrap{.resamples = 0}.mean(v, "x"),
                         "bootstrap.resamples: out of range; expected 1 to 10000000", kvt::error);
    CHECK_THROWS_AS((void)bootstrap{.resamples = 10'000'001}.mean(v, "x"), kvt::error);
    CHECK_THROWS_AS((void)bootstrap{.alpha = 1.5}.mean(v, "x"), kvt::error);
    CHECK_THROWS_AS((void)bootstrap{.alpha = std::numeric_limits<double>::quiet_NaN()}.mean(v, "x"), kvt::error);
    CHECK_THROWS_AS((void)bootstrap{}.mean(std::vector{std::numeric_limits<double>::infinity()}, "x"), kvt::error);
}

TEST_CASE("its parameters are read from configuration") {
    auto const rule = kvt::from_json<bootstrap>(kvt::parse_json(R"({"resamples": 200, "rng": "mt19937"})"), "analysis");
    CHECK(rule.resamples == 200);
    CHECK(rule.rng == generator::mt19937);
    CHECK(rule.alpha == 0.05);
    CHECK_THROWS_AS((void)kvt::from_json<bootstrap>(kvt::parse_json(R"({"resample": 200})"), "analysis"), kvt::error);
}
