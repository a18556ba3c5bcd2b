// What every rule for a power law does.
#pragma once

#include <kvt/scaling/law_fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>

namespace laws {

/// The order of points does not matter, the exponent does not depend on x's unit, and k carries y's.
template <kvt::scaling::law_rule R> void check_law_rule(R const& rule, std::vector<double> x, std::vector<double> y) {
    using view = std::span<double const>;
    auto const found = rule(view{x}, view{y}).law;
    auto const near = [](double value) { return doctest::Approx(value).epsilon(1e-6); };
    auto doubled = y;
    for (double& v : doubled) v *= 2;
    auto const scaled = rule(view{x}, view{doubled}).law;
    CHECK(scaled.exponent_a == near(found.exponent_a));
    CHECK(scaled.value(x.front()) == near(2 * found.value(x.front())));
    auto wider = x;
    for (double& v : wider) v *= 1e3;
    auto const shifted = rule(view{wider}, view{y}).law;
    CHECK(shifted.exponent_a == near(found.exponent_a));
    CHECK(shifted.value(wider.back()) == near(found.value(x.back())));
    std::ranges::reverse(x), std::ranges::reverse(y);
    auto const reversed = rule(view{x}, view{y}).law;
    CHECK(reversed.exponent_a == near(found.exponent_a));
    CHECK(reversed.value(x.back()) == near(found.value(x.back())));
}

}  // namespace laws
