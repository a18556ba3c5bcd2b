#include <kvt/scaling/buckets.hpp>
#include <kvt/scaling/training_run.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace kvt;

TEST_CASE("two decimals of log10 tell budgets apart, unless told otherwise") {
    CHECK(scaling::bucket_key(1.01e14) == 1400);
    CHECK(scaling::bucket_key(1.04e14) == 1402);
    CHECK(scaling::bucket_key(1.04e14, 1) == 140);
    CHECK(scaling::bucket_key(1.001e17) == scaling::bucket_key(1.004e17));
}

TEST_CASE("buckets ascend, keep file order, and hold nothing that has no loss or budget") {
    std::vector<scaling::run_point> const points{
        {1e18, 1, 1, 3}, {1e17, 1, 1, 2}, {1e18, 2, 1, 4}, {0, 1, 1, 1}, {1e19, 1, 1, std::nan("")}};
    auto const buckets = scaling::buckets_of(points);
    REQUIRE(buckets.size() == 2);
    CHECK(buckets[0].rows == std::vector<std::size_t>{1});
    CHECK(buckets[1].rows == std::vector<std::size_t>{0, 2});
}

TEST_CASE("completed runs that say nothing are left out with a warning") {
    std::vector<scaling::training_run> runs{
        {.experiment_id = "a", .compute_budget = 1e17, .model_size = 1, .num_tokens = 1, .final_loss = 2.0},
        {.experiment_id = "b", .compute_budget = 1e17, .model_size = 1, .num_tokens = 1},
        {.experiment_id = "c", .compute_budget = 0, .model_size = 1, .num_tokens = 1, .final_loss = 2.0},
        {.experiment_id = "d", .status = scaling::run_status::failed}};
    auto const usable = scaling::usable(runs);
    CHECK(usable.points.size() == 1);
    REQUIRE(usable.warnings.size() == 1);
    CHECK(usable.warnings[0].starts_with("2 completed runs left out"));
    runs.erase(runs.begin());
    CHECK(holds(refusal([&] { (void)scaling::usable(runs, "r.json"); }), "r.json: no_completed_runs"));
}
