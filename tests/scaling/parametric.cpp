#include <kvt/scaling/parametric.hpp>

#include <kvt/core/random.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

using namespace kvt;

namespace {

scaling::loss_surface const truth{1.8, 480, 2080, 0.35, 0.37};

std::vector<scaling::run_point> runs(double noise, std::int64_t seed = 1) {
    random_stream draws{seed, "runs"};
    std::vector<scaling::run_point> out;
    for (int c = 0; c < 6; ++c)
        for (int s = 0; s < 8; ++s) {
            double const budget = 1e17 * std::pow(10.0, 0.8 * c),
                         n = truth.best(budget).n_opt * std::pow(10.0, 0.25 * (s - 3.5));
            double const d = budget / (6 * n);
            out.push_back({budget, n, d, truth.loss(n, d) * std::exp(noise * (2 * draws.unit() - 1))});
        }
    return out;
}

}  // namespace

TEST_CASE("a surface without noise is found to all digits that matter") {
    auto const found = scaling::parametric_fit{}(runs(0));
    CHECK(found.surface.E == doctest::Approx(truth.E).epsilon(1e-6));
    CHECK(found.surface.alpha == doctest::Approx(truth.alpha).epsilon(1e-6));
    CHECK(found.surface.beta == doctest::Approx(truth.beta).epsilon(1e-6));
    CHECK(found.objective < 1e-18);
    CHECK(found.runs == 48);
}

TEST_CASE("runs that are far off hardly move it, and more starts find nothing lower") {
    auto points = runs(0.002);
    points[5].final_loss *= 1.5;
    auto const found = scaling::parametric_fit{}(points), searched = scaling::parametric_fit{.starts = 4500}(points);
    CHECK(found.a_opt == doctest::Approx(truth.a()).epsilon(0.05));
    CHECK(found.objective <= searched.objective * (1 + 1e-9));
    CHECK(found.gradient < 1e-7);
}

TEST_CASE("the same bits for any number of threads") {
    auto const points = runs(0.003);
    auto const one = scaling::parametric_fit{}(points);
    auto const three = scaling::parametric_fit{}(points, exec::thread_executor{3});
    CHECK(one.objective == three.objective);
    CHECK(one.theta.all() == three.theta.all());
    scaling::surface_bootstrap const sure{.resamples = 20, .target_compute = 1e21};
    auto const a = sure(points, {}, one, exec::inline_executor{}), b = sure(points, {}, one, exec::thread_executor{3});
    CHECK(a.objectives == b.objectives);
    REQUIRE(a.intervals.size() == 8);
    for (auto const& i : a.intervals) {
        CAPTURE(i.name);
        CHECK(i.low < i.high);
        CHECK(i.standard_error > 0);
    }
    CHECK(a.intervals[5].name == "a");
    CHECK(a.intervals[5].low < truth.a());
    CHECK(a.intervals[5].high > truth.a());
}

TEST_CASE("resamples are drawn from the seed alone, runs of all of them") {
    scaling::surface_bootstrap const how{.resamples = 50, .seed = 3};
    auto const draws = how.draws(7);
    REQUIRE(draws.size() == 50);
    std::vector<int> seen(7);
    for (auto const& one : draws) {
        CHECK(one.size() == 7);
        for (auto const i : one) ++seen.at(i);
    }
    for (int const count : seen) CHECK(count > 0);
    CHECK(draws == how.draws(7));
}

TEST_CASE("the worst runs go by their loss, the others keep their order") {
    std::vector<scaling::run_point> const points{{1, 1, 1, 5}, {2, 1, 1, 9}, {3, 1, 1, 4}, {4, 1, 1, 9}};
    auto const kept = scaling::without_worst(points, 2);
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].compute_budget == 1);
    CHECK(kept[1].compute_budget == 3);
    CHECK(scaling::without_worst(points, 9).empty());
}

TEST_CASE("too few runs and options out of range are refused") {
    auto const points = runs(0);
    CHECK(holds(refusal([&] { (void)scaling::parametric_fit{}(std::span{points}.first(4)); }), "too_few_points"));
    CHECK(holds(refusal([&] { (void)scaling::parametric_fit{.starts = 0}(points); }), "parametric.starts"));
    CHECK(holds(refusal([&] { (void)scaling::parametric_fit{.drop_worst = -1}(points); }), "parametric.drop_worst"));
    CHECK(holds(refusal([] { scaling::surface_bootstrap{.resamples = 1}.check(); }), "bootstrap.resamples"));
    CHECK(holds(refusal([] { scaling::surface_bootstrap{.seed = -1}.check(); }), "bootstrap.seed"));
}
