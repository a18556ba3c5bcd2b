#include "laws/interval_rule.hpp"

#include <kvt/analysis/aggregate.hpp>
#include <kvt/core/json.hpp>
#include <kvt/numeric/bootstrap.hpp>

using namespace kvt::analysis;
using kvt::numeric::bootstrap;

namespace {
std::vector<bin_range> const two_bins{{0, 1, 100}, {1, 101, 200}};

std::vector<observation> some_rows() {
    kvt::random_stream stream{20, "aggregate"};
    std::vector<observation> rows;
    for (int i = 0; i < 60; ++i) {
        auto& row =
            rows.emplace_back(observation{.entry_idx = i, .bin_idx = static_cast<std::int64_t>(stream.below(2))});
        row.latency_s = stream.unit(), row.total_tokens = static_cast<double>(stream.below(500));
        row.failed = stream.below(5) == 0;
        if (!row.failed) row.acc = row.f1 = stream.unit(), row.em = static_cast<double>(stream.below(2));
    }
    return rows;
}
}  // namespace

TEST_CASE("what is not scored counts in n_total and in the means over all") {
    std::vector<observation> const rows{{.entry_idx = 0, .bin_idx = 0, .em = 1, .f1 = 1, .acc = 1, .latency_s = 1.0},
                                        {.entry_idx = 1, .bin_idx = 0, .failed = true},
                                        {.entry_idx = 2, .bin_idx = 0},
                                        {.entry_idx = 3}};
    auto const stats = aggregate(rows, two_bins, bootstrap{}, "r");
    REQUIRE(stats.size() == 2);
    CHECK(stats[0].n == 1);
    CHECK(stats[0].n_total == 3);
    CHECK(stats[0].n_failed == 1);
    CHECK(stats[0].acc_mean == 1.0);
    CHECK_FALSE(stats[0].acc_std);
    CHECK(stats[0].acc_mean_all == 1.0 / 3);
    CHECK(stats[0].fail_rate == 1.0 / 3);
    CHECK(stats[0].lat_p95 == 1.0);
    CHECK_FALSE(stats[0].tok_p50);
    CHECK(stats[0].token_max == 100);
    // A bin without requests still has its row.
    CHECK(stats[1].bin_idx == 1);
    CHECK(stats[1].n_total == 0);
    CHECK_FALSE(stats[1].acc_mean);
    CHECK_FALSE(stats[1].fail_rate);
    CHECK_FALSE(stats[1].acc_ci_low);
}

TEST_CASE("order of rows does not matter, bit for bit") {
    auto rows = some_rows();
    auto const stats = aggregate(rows, two_bins, bootstrap{}, "r");
    kvt::random_stream stream{21, "aggregate"};
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[stream.below(i)]);
        auto const again = aggregate(rows, two_bins, bootstrap{}, "r");
        for (std::size_t b = 0; b < 2; ++b) CHECK(kvt::to_json(again[b]) == kvt::to_json(stats[b]));
    }
}

TEST_CASE("the interval is of the values whose mean is shown, from the bin's own stream") {
    auto const rows = some_rows();
    auto const stats = aggregate(rows, two_bins, bootstrap{}, "group_budget_1.0");
    for (auto const& bin : stats) {
        std::vector<double> values;
        for (auto const& row : rows)
            if (row.bin_idx == bin.bin_idx && row.acc) values.push_back(*row.acc);
        auto const range = bootstrap{}.mean(values, "bootstrap|group_budget_1.0|" + std::to_string(bin.bin_idx));
        CHECK(bin.acc_ci_low == range->low);
        CHECK(bin.acc_ci_high == range->high);
        CHECK(*bin.acc_ci_low <= *bin.acc_mean);
        CHECK(*bin.acc_mean <= *bin.acc_ci_high);
    }
    CHECK(aggregate(rows, two_bins, bootstrap{}, "other")[0].acc_ci_low != stats[0].acc_ci_low);
    CHECK(aggregate(rows, two_bins, kvt::numeric::normal_interval{}, "x")[0].acc_mean == stats[0].acc_mean);
}

TEST_CASE("bins split the rows: counts add up") {
    auto const rows = some_rows();
    auto const stats = aggregate(rows, two_bins, bootstrap{}, "r");
    CHECK(stats[0].n_total + stats[1].n_total == 60);
    for (auto const& bin : stats) {
        CHECK(bin.n + bin.n_failed == bin.n_total);
        CHECK(*bin.acc_mean_all ==
              doctest::Approx(*bin.acc_mean * static_cast<double>(bin.n) / static_cast<double>(bin.n_total)));
        CHECK(*bin.lat_p50 <= *bin.lat_p95);
    }
}

TEST_CASE("a row of a bin that does not exist is refused") {
    std::vector<observation> const rows{{.entry_idx = 7, .bin_idx = 2}};
    CHECK_THROWS_WITH_AS((void)aggregate(rows, two_bins, bootstrap{}, "r"),
                         "entry 7: its bin 2 is not one of the manifest", kvt::error);
}
