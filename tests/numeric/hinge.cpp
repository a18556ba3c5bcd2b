#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/hinge.hpp>

#include <algorithm>

using namespace kvt::numeric;

TEST_CASE("an exact hinge is recovered") {
    std::vector<double> x, y;
    for (int i = 0; i < 20; ++i) x.push_back(i), y.push_back(0.9 - 0.03 * std::max(0, i - 8));
    auto const fit = falling_hinge(x, y);
    REQUIRE(fit);
    CHECK(*fit->knot == 8);
    CHECK(fit->level == doctest::Approx(0.9));
    CHECK(fit->slope == doctest::Approx(0.03));
    CHECK(*fit->delta_bic > 100);
}

TEST_CASE("order of the points does not matter") {
    kvt::random_stream stream{2, "hinge"};
    std::vector<double> x, y;
    for (int i = 0; i < 15; ++i) x.push_back(i % 7), y.push_back(stream.unit() - 0.1 * (i % 7));
    auto const fit = falling_hinge(x, y);
    std::ranges::reverse(x), std::ranges::reverse(y);
    auto const turned = falling_hinge(x, y);
    CHECK(*fit->knot == *turned->knot);
    CHECK(fit->slope == doctest::Approx(turned->slope));
}

TEST_CASE("what does not fall has no knot, and the mean as its level") {
    CHECK_FALSE(falling_hinge({}, {}));
    for (auto const& y : {std::vector{0.5, 0.5, 0.5}, std::vector{0.1, 0.2, 0.9}, std::vector{0.3}}) {
        std::vector<double> x(y.size());
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
        auto const fit = falling_hinge(x, y);
        CHECK_FALSE(fit->knot);
        CHECK_FALSE(fit->delta_bic);
        CHECK(fit->slope == 0);
        CHECK(fit->level == doctest::Approx(*mean(y)));
    }
    // One length only: nowhere to fall.
    CHECK_FALSE(falling_hinge(std::vector{1.0, 1.0}, std::vector{0.0, 1.0})->knot);
    CHECK_THROWS_AS((void)falling_hinge(std::vector{1.0}, std::vector<double>{}), kvt::error);
}

TEST_CASE("no other knot fits better") {
    kvt::random_stream stream{3, "hinge"};
    for (int round = 0; round < 30; ++round) {
        std::vector<double> x, y;
        for (int i = 0; i < 12; ++i) x.push_back(i), y.push_back(stream.unit() - 0.05 * i);
        auto const fit = falling_hinge(x, y);
        if (!fit->knot) continue;
        double const errors = detail::hinge_at(x, y, *fit->knot).second;
        for (int knot = 0; knot < 11; ++knot) {
            auto const [other, other_errors] = detail::hinge_at(x, y, knot);
            if (other.slope > 0) CHECK(errors <= other_errors + 1e-11);
        }
    }
}
