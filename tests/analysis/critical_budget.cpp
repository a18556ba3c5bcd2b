#include <kvt/analysis/critical_budget.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace kvt::analysis;

namespace {

/// Prompts of one cell whose answers are lost below thresholds of their own.
std::vector<retention> ladder(std::vector<double> const& thresholds, std::vector<double> const& budgets) {
    std::vector<retention> out;
    for (std::size_t p = 0; p < thresholds.size(); ++p)
        for (double const b : budgets)
            out.push_back({.prompt = static_cast<std::int64_t>(p),
                           .bin = 2,
                           .tokens = 100,
                           .parameters = 1000,
                           .budget = b,
                           .share = b,
                           .survived = b >= thresholds[p]});
    return out;
}

}  // namespace

TEST_CASE("the critical budget lies where half of the answers are lost, on the scale of log2") {
    // survival 0, 0.25, 0.75, 1 at 1/16, 1/8, 1/4, 1/2: half is reached in the middle between 1/8 and 1/4
    auto const cells = critical_budgets(ladder({0.1, 0.2, 0.2, 0.3}, {0.5, 0.25, 0.125, 0.0625}), "t");
    REQUIRE(cells.size() == 1);
    auto const& c = cells.front();
    CHECK(c.prompts == 4);
    CHECK(c.bin == 2);
    CHECK(*c.share == doctest::Approx(std::exp2(-2.5)));
    CHECK(*c.entries == doctest::Approx(100 * std::exp2(-2.5)));
    CHECK(*c.low <= *c.share);
    CHECK(*c.high >= *c.share);
    CHECK_FALSE(c.at_most);
}

TEST_CASE("a cell that the smallest budget does not break has a bound and no critical budget") {
    auto const c = critical_budgets(ladder({0.01, 0.01, 0.2}, {0.5, 0.1}), "t").front();
    CHECK_FALSE(c.share);
    CHECK(*c.at_most == doctest::Approx(0.1));
    CHECK(*c.low == doctest::Approx(0.1));
}

TEST_CASE("a cell that loses everything below the full cache breaks between the largest budget and 1") {
    auto const c = critical_budgets(ladder({1, 1, 1}, {0.25, 0.5}), "t").front();
    CHECK(*c.share == doctest::Approx(std::exp2(-0.5)));
}

TEST_CASE("the share that was kept counts, not the one that was asked for") {
    auto answers = ladder({0.2, 0.2}, {0.5, 0.25, 0.125});
    for (auto& a : answers) a.share = a.budget / 2;
    CHECK(*critical_budgets(answers, "t").front().share == doctest::Approx(std::exp2(-3.5)));
}

TEST_CASE("cells come by size and bin, and do not depend on the order of answers") {
    kvt::random_stream stream{7, "cells"};
    for (int round = 0; round < 200; ++round) {
        std::vector<retention> answers;
        for (double const size : {1e5, 1e6})
            for (std::int64_t bin = 0; bin < 3; ++bin)
                for (std::int64_t p = 0; p < 6; ++p)
                    for (double const b : {0.5, 0.2, 0.1})
                        answers.push_back({10 * bin + p, bin, 100.0 * static_cast<double>(bin + 1), size, b, b,
                                           stream.unit() < 2 * b});
        critical_budget_options const few{.resamples = 20};
        auto const one = critical_budgets(answers, "t", few);
        for (std::size_t i = answers.size() - 1; i > 0; --i)
            std::swap(answers[i], answers[static_cast<std::size_t>(stream.unit() * static_cast<double>(i + 1))]);
        auto const other = critical_budgets(answers, "t", few);
        REQUIRE(one.size() == 6);
        for (std::size_t i = 0; i < one.size(); ++i) {
            CHECK(one[i].parameters == (i < 3 ? 1e5 : 1e6));
            CHECK(one[i].bin == static_cast<std::int64_t>(i % 3));
            CHECK(one[i].share == other[i].share);
            CHECK(one[i].low == other[i].low);
            CHECK(one[i].high == other[i].high);
        }
    }
}

TEST_CASE("values out of range are refused, naming the prompt") {
    auto answers = ladder({0.1}, {0.5});
    answers.front().share = 0;
    CHECK_THROWS_WITH_AS(
        (void)critical_budgets(answers, "t"),
        "prompt 0: budget, share, length or model size out of range; expected shares in (0, 1], sizes of 1 "
        "and more",
        kvt::error);
    CHECK(critical_budgets({}, "t").empty());
}
