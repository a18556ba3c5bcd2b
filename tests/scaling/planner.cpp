#include <kvt/scaling/planner.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace kvt;

TEST_CASE("budgets are evenly spaced in the logarithm, with exact ends") {
    scaling::planner const p{.min_flops = 3e12, .max_flops = 7e15, .num_compute_budgets = 5};
    auto const budgets = p.budgets();
    REQUIRE(budgets.size() == 5);
    CHECK(budgets.front() == 3e12);
    CHECK(budgets.back() == 7e15);
    for (std::size_t i = 2; i < budgets.size(); ++i)
        CHECK(budgets[i] / budgets[i - 1] == doctest::Approx(budgets[1] / budgets[0]).epsilon(1e-12));
}

TEST_CASE("one budget is the least, none is an empty sweep") {
    scaling::planner p{.min_flops = 5e17, .max_flops = 1e20, .num_compute_budgets = 1};
    CHECK(p.budgets() == std::vector{5e17});
    p.num_compute_budgets = 0;
    CHECK(p().empty());
}

TEST_CASE("sizes have exact ends, are whole, and come once") {
    scaling::planner const p{.num_model_sizes = 10, .min_model_size = 1, .max_model_size = 6};
    auto const sizes = p.sizes(1e9);
    CHECK(sizes == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
    CHECK(p.sizes(18).back() == 3);  // three parameters on one token
    CHECK(p.sizes(1) == std::vector<std::int64_t>{1});
}

TEST_CASE("the published grid cuts towards zero and repeats") {
    scaling::planner const p{.num_model_sizes = 4,
                             .min_model_size = 500'000,
                             .max_model_size = 50'000'000,
                             .grid = scaling::grid_rounding::truncated};
    auto const sizes = p.sizes(1e18);
    CHECK(sizes.front() == 499'999);
    CHECK(sizes.back() == 49'999'999);
    scaling::planner const small{
        .num_model_sizes = 10, .min_model_size = 1, .max_model_size = 3, .grid = scaling::grid_rounding::truncated};
    CHECK(small.sizes(1e9).size() == 10);
}

TEST_CASE("6ND is the budget, and nothing has too few tokens") {
    auto const sweep = scaling::planner{}();
    REQUIRE(sweep.size() == 29);
    for (std::size_t i = 0; i < sweep.size(); ++i) {
        auto const& e = sweep[i];
        CHECK(e.experiment_id == scaling::experiment_id(i));
        CHECK(e.num_tokens >= e.model_size / 10);
        double const spent =
            scaling::training_flops(static_cast<double>(e.model_size), static_cast<double>(e.num_tokens));
        CHECK(std::abs(spent - e.compute_budget) < 0.1 * e.compute_budget);
    }
}

TEST_CASE("each setting out of range is named") {
    auto const said = [](scaling::planner p) { return refusal([&] { p.check(); }); };
    CHECK(said({.min_flops = std::nan("")}).starts_with("compute.min_flops: invalid_option"));
    CHECK(said({.max_flops = HUGE_VAL}).starts_with("compute.max_flops"));
    CHECK(said({.num_compute_budgets = -1}).starts_with("compute.num_budgets"));
    CHECK(said({.num_model_sizes = 0}).starts_with("compute.num_model_sizes"));
    CHECK(said({.min_model_size = 0}).starts_with("model.min_size"));
    CHECK(said({.min_model_size = 10, .max_model_size = 9}).starts_with("model.max_size"));
    CHECK(said({.max_flops = 1e30, .min_model_size = 1}).starts_with("compute.max_flops"));
    CHECK(said({}).empty());
}

TEST_CASE("learning rates fall with size, where they are wanted") {
    std::vector<scaling::experiment> sweep{{.experiment_id = "a", .model_size = 10'000'000}};
    scaling::learning_rate_rule rule;
    rule.apply(sweep);
    CHECK_FALSE(sweep[0].learning_rate);
    rule.enabled = true;
    rule.apply(sweep);
    CHECK(*sweep[0].learning_rate == 3e-4);
    CHECK(rule.at(1e8) < rule.at(1e7));
    rule.base_size = 0;
    CHECK(holds(refusal([&] { rule.apply(sweep); }), "lr_schedule.base_size"));
}
