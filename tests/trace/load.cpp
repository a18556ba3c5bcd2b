#include "support/refusal.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/load.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::trace;

TEST_CASE("a load has the rate, the burstiness and the lengths that were asked for") {
    synthetic_load load{.requests = 40000,
                        .rate = 4,
                        .prompt_median = 600,
                        .prompt_spread = 1,
                        .output_median = 50,
                        .output_spread = 0};
    for (double const shape : {0.5, 1.0, 3.0}) {
        load.arrival_shape = shape;
        auto const all = requests_of(load);
        REQUIRE(all.size() == 40000);
        CHECK(all.front().arrival == 0);
        double gaps = 0, squares = 0;
        for (std::size_t i = 1; i < all.size(); ++i) {
            double const gap = all[i].arrival - all[i - 1].arrival;
            REQUIRE(gap >= 0);
            gaps += gap, squares += gap * gap;
        }
        double const n = static_cast<double>(all.size() - 1), mean = gaps / n;
        CHECK(mean == doctest::Approx(0.25).epsilon(0.05));
        double const a = std::tgamma(1 + 1 / shape), b = std::tgamma(1 + 2 / shape);
        CHECK(squares / n / mean / mean ==
              doctest::Approx(b / a / a).epsilon(0.1));  // the Weibull distribution's moments
    }
    auto all = requests_of(load);
    for (auto const& r : all) REQUIRE(r.generated_tokens == 50);
    std::ranges::sort(all, {}, &request::prompt_tokens);
    CHECK(static_cast<double>(all[20000].prompt_tokens) == doctest::Approx(600).epsilon(0.02));
    CHECK(static_cast<double>(all[20000 + 13654].prompt_tokens) == doctest::Approx(600 * std::exp(1)).epsilon(0.03));
}

TEST_CASE("a change of one parameter keeps the other draws") {
    synthetic_load const a{.requests = 50};
    auto b = a;
    b.output_median = 20, b.rate = 9;
    auto const x = requests_of(a), y = requests_of(b);
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i].prompt_tokens == y[i].prompt_tokens);
    CHECK(x[1].arrival == doctest::Approx(y[1].arrival * 9));
}

TEST_CASE("loads that cannot be are refused, and the standard ones can") {
    for (auto const& bad :
         {synthetic_load{.requests = 0}, synthetic_load{.rate = 0}, synthetic_load{.arrival_shape = -1},
          synthetic_load{.prompt_spread = -0.1}, synthetic_load{.longest = 0}})
        CHECK(holds(refusal([&] { (void)requests_of(bad); }), "bad_option"));
    CHECK(standard_loads().size() == 6);
    for (auto const& [name, load] : standard_loads(20)) CHECK(requests_of(load).size() == 20);
}
