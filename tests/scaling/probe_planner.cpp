#include <kvt/scaling/probe_planner.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

using namespace kvt;

namespace {

std::optional<std::int64_t> linear(std::int64_t width) {
    return width == 320 ? std::nullopt : std::optional{1000 * width};
}

}  // namespace

TEST_CASE("sizes are multiples of 64, and what cannot be built is passed over") {
    scaling::probe_planner const planner;
    for (auto const size : planner.probed_sizes()) CHECK(size % 64 == 0);
    auto const plan = planner(std::vector{1e15}, [](std::int64_t w) { return linear(w); });
    REQUIRE_FALSE(plan.experiments.empty());
    CHECK(plan.experiments.size() <= 7);
    for (auto const& e : plan.experiments) {
        CHECK(e.size_param_value != 320);
        CHECK(e.num_tokens * 10 >= e.num_params);
    }
}

TEST_CASE("one size a budget is the middle one") {
    scaling::probe_planner const planner{.num_sizes_per_budget = 1};
    auto const all =
        scaling::probe_planner{.num_sizes_per_budget = 20}(std::vector{1e18}, [](std::int64_t w) { return linear(w); });
    auto const one = planner(std::vector{1e18}, [](std::int64_t w) { return linear(w); });
    REQUIRE(one.experiments.size() == 1);
    CHECK(one.experiments[0].num_params > all.experiments.front().num_params);
    CHECK(one.experiments[0].num_params < all.experiments.back().num_params);
}

TEST_CASE("options and budgets out of range are named") {
    auto const count = [](std::int64_t w) { return linear(w); };
    CHECK(holds(refusal([&] { (void)scaling::probe_planner{.num_sizes_per_budget = 0}({}, count); }),
                "num_sizes_per_budget"));
    CHECK(holds(refusal([&] { (void)scaling::probe_planner{}(std::vector{-1.0}, count); }), "compute budget"));
}
