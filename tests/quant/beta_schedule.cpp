#include "quant/sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/beta_schedule.hpp>

#include <limits>

namespace quant = kvt::quant;
using quant::beta_schedule;
using quant::schedule_kind;

TEST_CASE("linear goes from start to end") {
    CHECK(beta_schedule{schedule_kind::linear, 0, 1}.betas(5) == std::vector{0.0, 0.25, 0.5, 0.75, 1.0});
    CHECK(beta_schedule{}.betas(1) == std::vector{1e-4});
    CHECK(beta_schedule{}.betas(0).empty());
}

TEST_CASE("cosine rises and stays a share") {
    auto const b = beta_schedule{.kind = schedule_kind::cosine}.betas(50);
    REQUIRE(b.size() == 50);
    for (std::size_t t = 0; t < b.size(); ++t) {
        CHECK(b[t] >= 1e-4);
        CHECK(b[t] <= 0.9999);
        if (t > 1) CHECK(b[t] > b[t - 1]);
    }
}

TEST_CASE("what is no schedule") {
    using quant::fault;
    auto const refused = [](beta_schedule const& s) { return sequences::refusal([&] { (void)s.betas(3); }); };
    CHECK(refused({.start = -0.1}) == fault::invalid_beta_schedule);
    CHECK(refused({.end = 1.1}) == fault::invalid_beta_schedule);
    CHECK(refused({.end = std::numeric_limits<double>::quiet_NaN()}) == fault::invalid_beta_schedule);
    CHECK(sequences::refusal([] { (void)beta_schedule{}.betas(-1); }) == fault::invalid_beta_schedule);
    CHECK(sequences::refusal([] { (void)quant::schedule_named("square"); }) == fault::invalid_beta_schedule);
    CHECK(quant::schedule_named("cosine") == schedule_kind::cosine);
}
