// Laws of numeric::interval_rule, applied to every model.
#pragma once

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <vector>

namespace laws {

/// Values in [0, 1] from a fixed stream.
inline std::vector<double> some_scores(std::string_view label, std::size_t n) {
    kvt::random_stream stream{20, label};
    std::vector<double> out(n);
    for (double& v : out) v = stream.unit();
    return out;
}

template <kvt::numeric::interval_rule R> void check_interval_rule(R const& rule) {
    using kvt::numeric::mean;
    CHECK_FALSE(R::name.empty());
    CHECK_FALSE(rule.mean({}, "empty"));
    for (std::size_t n : {1U, 2U, 5U, 40U, 300U}) {
        INFO(R::name, " n=", n);
        auto const values = some_scores("interval law " + std::to_string(n), n);
        auto const range = rule.mean(values, "law");
        REQUIRE(range);
        CHECK(range->low <= range->high);
        CHECK(range->low <= *mean(values) + 1e-12);
        CHECK(range->high >= *mean(values) - 1e-12);
        CHECK(rule.mean(values, "law") == range);  // equal input, equal bits

        // Equal values leave nothing to be unsure of.
        std::vector<double> const flat(n, 0.25);
        CHECK(rule.mean(flat, "law")->low == doctest::Approx(0.25));
        CHECK(rule.mean(flat, "law")->high == doctest::Approx(0.25));

        // Moving and stretching the values moves and stretches the interval.
        std::vector<double> moved;
        for (double const v : values) moved.push_back(3 + 2 * v);
        CHECK(rule.mean(moved, "law")->low == doctest::Approx(3 + 2 * range->low));
        CHECK(rule.mean(moved, "law")->high == doctest::Approx(3 + 2 * range->high));

        // A run compared with itself, pair by pair, differs by nothing.
        auto const self = paired_difference(rule, values, values, "law");
        CHECK(*self == kvt::numeric::interval{0, 0});
    }
    // One group is the plain mean; an empty group leaves nothing; groups of equal values leave nothing to be unsure of.
    using groups = std::vector<std::span<double const>>;
    auto const a = some_scores("stratum a", 30), b = some_scores("stratum b", 60), none = std::vector<double>{};
    CHECK(rule.mean_of_means(groups{a}, "law") == rule.mean(a, "law"));
    CHECK_FALSE(rule.mean_of_means(groups{}, "law"));
    CHECK_FALSE(rule.mean_of_means(groups{a, none}, "law"));
    auto const both = rule.mean_of_means(groups{a, b}, "law");
    CHECK(both->low <= *kvt::numeric::mean_of_means(groups{a, b}));
    CHECK(both->high >= *kvt::numeric::mean_of_means(groups{a, b}));
    std::vector<double> const low(10, 0.25), high(20, 0.75);
    CHECK(rule.mean_of_means(groups{low, high}, "law")->low == doctest::Approx(0.5));
    CHECK(rule.mean_of_means(groups{low, high}, "law")->high == doctest::Approx(0.5));

    CHECK_THROWS_AS((void)paired_difference(rule, std::vector{1.0}, std::vector{1.0, 2.0}, "law"), kvt::error);
}

}  // namespace laws
