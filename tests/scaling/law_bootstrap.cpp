#include <kvt/numeric/mt19937_stream.hpp>
#include <kvt/scaling/fit.hpp>
#include <kvt/scaling/law_bootstrap.hpp>
#include <kvt/scaling/mock_training.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <algorithm>

using namespace kvt;
using namespace kvt::scaling;

namespace {

std::vector<run_point> runs_of(double noise) {
    std::vector<run_point> out;
    random_stream draws{1, "runs"};
    for (double const c : {1e17, 1e18, 1e19})
        for (double const share : {0.2, 0.5, 1.0, 2.0, 5.0}) {
            double const n = share * 0.1 * std::sqrt(c), d = c / (6 * n);
            double const u = std::log10(share);
            out.push_back({c, n, d, 10 * std::pow(c, -0.05) + 0.1 * u * u + noise * (draws.unit() - 0.5)});
        }
    return out;
}

std::optional<law_triple> laws_of(std::span<run_point const> points) {
    auto const optima = find_optima(quadratic{}, points);
    if (optima.size() < 2) return std::nullopt;
    std::vector<double> c, n, d, l;
    for (auto const& o : optima)
        c.push_back(o.at.compute_budget), n.push_back(o.at.model_size), d.push_back(o.at.num_tokens),
            l.push_back(o.at.final_loss);
    return law_triple{fit_law(loglog{}, "N_opt", c, n).law, fit_law(loglog{}, "D_opt", c, d).law,
                      fit_law(loglog{}, "L_opt", c, l).law};
}

}  // namespace

TEST_CASE("runs are drawn inside their buckets, bucket after bucket, from one stream") {
    auto const points = runs_of(0);
    auto const buckets = buckets_of(points);
    auto const drawn = law_bootstrap{.resamples = 50, .seed = 9}.draws(buckets);
    REQUIRE(drawn.size() == 50);
    auto units = numeric::mt19937_stream::seeded(9);
    for (auto const& one : drawn) {
        REQUIRE(one.size() == 15);
        for (std::size_t i = 0; i < 15; ++i) {
            CHECK(one[i] / 5 == i / 5);
            CHECK(one[i] == i / 5 * 5 + static_cast<std::size_t>(5 * units.unit()));
        }
    }
}

TEST_CASE("intervals are percentiles of the refits, and widen with noise") {
    auto const width = [](double noise) {
        auto const points = runs_of(noise);
        auto const all = *laws_of(points);
        law_bootstrap const how{.resamples = 200, .seed = 3};
        auto const found = how(points, 2, all, [](std::span<run_point const> some) { return laws_of(some); });
        REQUIRE(found.intervals.size() == 6);
        CHECK(found.fitted == 200);
        std::vector<double> exponents;
        for (auto const& drawn : how.draws(buckets_of(points))) {
            std::vector<run_point> some;
            for (auto const i : drawn) some.push_back(points[i]);
            exponents.push_back(laws_of(some)->n_opt_fit.exponent_a);
        }
        std::ranges::sort(exponents);
        auto const& a = found.intervals[1];
        CHECK(a.law == "N_opt");
        CHECK(a.name == "a");
        CHECK(a.value == all.n_opt_fit.exponent_a);
        CHECK(a.low == doctest::Approx(exponents[4] + 0.975 * (exponents[5] - exponents[4])));
        CHECK(a.high == doctest::Approx(exponents[194] + 0.025 * (exponents[195] - exponents[194])));
        CHECK(a.standard_error > 0);
        return a.high - a.low;
    };
    CHECK(width(0.2) > width(0.001));
}

TEST_CASE("the stage writes them, and its rule decides what a refit is") {
    run_context context;
    context.progress = progress_meter{progress_style::silent};
    auto const runs = train{mock_training{0}, {.folder = ""}}(context, {planner{}(), ""});
    auto const done = fit{empirical{}, loglog{}, loglog{}, fit_options{.resamples = 100}}(context, runs);
    REQUIRE(done.laws.bootstrap);
    auto const& a = done.laws.bootstrap->intervals.at(1);
    CHECK(a.low < a.value);
    CHECK(a.high > a.value);
    CHECK(laws_json(done.laws).at("bootstrap").at("intervals").size() == 6);
    auto const curved = fit{quadratic{}, loglog{}, loglog{}, fit_options{.resamples = 100}}(context, runs);
    CHECK(curved.laws.bootstrap->intervals.at(1).low != a.low);
    auto const none = fit{}(context, runs);
    CHECK_FALSE(laws_json(none.laws).find("bootstrap"));
    CHECK(holds(refusal([] { law_bootstrap{.resamples = 1}.check(); }), "fitting.resamples"));
    CHECK(holds(refusal([] { law_bootstrap{.seed = -1}.check(); }), "fitting.seed"));
}
