#include <kvt/scaling/law_fit.hpp>

#include <support/refusal.hpp>

#include <laws/law_rule.hpp>

#include <doctest/doctest.h>

using namespace kvt;

namespace {

std::vector<double> const budgets{1e12, 1e13, 1e14, 1e15, 1e16, 1e17};

std::vector<double> law(double l, double k, double a) {
    std::vector<double> out;
    for (double const c : budgets) out.push_back(l + k * std::pow(c, a));
    return out;
}

}  // namespace

TEST_CASE("a clean power law is found, without an offset and with one") {
    auto const line = scaling::fit_law(scaling::loglog{}, "Y", budgets, law(0, 0.1, 0.5));
    CHECK(line.law.exponent_a == doctest::Approx(0.5).epsilon(1e-12));
    CHECK(line.law.formula == "Y = 1.0000e-01 * C^0.5000");
    CHECK(line.law.value(1e20) == doctest::Approx(1e9).epsilon(1e-9));
    auto const offset = scaling::fit_law(scaling::offset_law{}, "L", budgets, law(1.69, 1070, -0.154));
    CHECK(*offset.law.l_inf == doctest::Approx(1.69).epsilon(1e-6));
    CHECK(offset.law.exponent_a == doctest::Approx(-0.154).epsilon(1e-6));
    CHECK(offset.law.formula.starts_with("L = 1.6900 + 1.0700e+03"));
}

TEST_CASE("an offset law is never worse than the same law without one") {
    std::vector<double> const y{9.1, 6.2, 4.9, 3.7, 3.4, 2.8};
    auto const offset = scaling::fit_law(scaling::offset_law{}, "L", budgets, y);
    auto const line = scaling::fit_law(scaling::loglog{}, "L", budgets, y);
    double squares = 0;
    for (std::size_t i = 0; i < y.size(); ++i) squares += std::pow(y[i] - line.law.value(budgets[i]), 2);
    CHECK(offset.sse <= squares);
    CHECK(*offset.law.l_inf >= 0);
}

TEST_CASE("one wild point moves Huber's line less, and is an outlier in the logarithm") {
    auto y = law(0, 0.1, 0.5);
    y[3] *= 50;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] *= i % 2 == 0 ? 1.01 : 0.99;
    auto const plain = scaling::fit_law(scaling::loglog{}, "Y", budgets, y);
    auto const robust = scaling::fit_law(scaling::huber_loglog{}, "Y", budgets, y);
    CHECK(std::abs(std::log10(robust.law.coefficient_k) + 1) < std::abs(std::log10(plain.law.coefficient_k) + 1));
    auto const kept = scaling::inliers(scaling::outlier_rule::iqr_log10, budgets, y);
    CHECK(kept == std::vector<std::uint8_t>{1, 1, 1, 0, 1, 1});
    auto const without = scaling::fit_law(scaling::loglog{}, "Y", budgets, y, scaling::outlier_rule::iqr_log10);
    CHECK(without.excluded == std::vector<std::int64_t>{3});
    CHECK(without.law.exponent_a == doctest::Approx(0.5).epsilon(1e-2));
}

TEST_CASE("rounding makes no outliers in the logarithm") {
    auto const kept = scaling::inliers(scaling::outlier_rule::iqr_log10, budgets, law(0, 0.1, 0.5));
    CHECK(kept == std::vector<std::uint8_t>(6, 1));
}

TEST_CASE("what has no exponent is refused") {
    std::vector<double> const same{1e15, 1e15, 1e15}, y{1, 2, 3};
    CHECK(holds(refusal([&] { (void)scaling::fit_law(scaling::loglog{}, "Y", same, y); }), "equal_budgets"));
    CHECK(holds(refusal([&] { (void)scaling::fit_law(scaling::offset_law{}, "Y", same, y); }), "equal_budgets"));
    std::vector<double> const invalid{-1, 0, 3};
    CHECK(
        holds(refusal([&] { (void)scaling::fit_law(scaling::loglog{}, "Y", budgets, invalid); }), "Y: too_few_points"));
}

TEST_CASE("two points have no intervals; a constant has an exponent of 0") {
    std::vector<double> const x{1e12, 1e14}, y{10, 100}, flat{3, 3};
    auto const line = scaling::fit_law(scaling::loglog{}, "Y", x, y);
    CHECK_FALSE(line.law.a_ci);
    CHECK(line.law.exponent_a == doctest::Approx(0.5));
    auto const level = scaling::fit_law(scaling::offset_law{}, "Y", x, flat);
    CHECK(level.law.exponent_a == 0);
    CHECK(level.law.coefficient_k == 3);
    CHECK(*level.law.l_inf == 0);
}

TEST_CASE("leaving points out needs three, and tells how firm the exponent is") {
    auto const out = scaling::leave_one_out(scaling::loglog{}, budgets, law(0, 0.1, 0.5));
    REQUIRE(out);
    CHECK(out->exponents.size() == 6);
    CHECK(out->rmse_log10 < 1e-12);
    std::vector<double> const x{1e12, 1e14}, y{10, 100};
    CHECK_FALSE(scaling::leave_one_out(scaling::loglog{}, x, y));
}

TEST_CASE("all rules keep the law") {
    std::vector<double> const y{9.1, 6.2, 4.9, 3.7, 3.4, 2.8};
    laws::check_law_rule(scaling::loglog{}, budgets, y);
    laws::check_law_rule(scaling::huber_loglog{}, budgets, y);
    laws::check_law_rule(scaling::offset_law{}, budgets, y);
}
