#include <kvt/scaling/laws.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace kvt;

TEST_CASE("one evaluator, with the offset, for all three quantities") {
    scaling::law_triple laws{{.coefficient_k = 2, .exponent_a = 0.5, .l_inf = 100.0},
                             {.coefficient_k = 3, .exponent_a = 0.5},
                             {.coefficient_k = 4, .exponent_a = -0.5, .l_inf = 1.5}};
    auto const p = scaling::predict(laws, 1e4);
    CHECK(p.optimal_params == 300);
    CHECK(p.optimal_tokens == 300);
    CHECK(p.tokens_per_param == 1);
    CHECK(p.expected_loss == doctest::Approx(1.54));
    laws.n_opt_fit.exponent_a = 30;
    CHECK(holds(refusal([&] { (void)scaling::predict(laws, 1e4); }), "invalid_target"));
}

TEST_CASE("thousands have commas") {
    CHECK(scaling::with_thousands(0) == "0");
    CHECK(scaling::with_thousands(999) == "999");
    CHECK(scaling::with_thousands(1000) == "1,000");
    CHECK(scaling::with_thousands(-1234567) == "-1,234,567");
    CHECK(scaling::with_thousands(-123) == "-123");
}

TEST_CASE("the table has nine budgets unless others are asked for") {
    scaling::power_law const law{.coefficient_k = 1, .exponent_a = 0.1};
    auto const table = scaling::prediction_table({law, law, law});
    CHECK(std::count(table.begin(), table.end(), '\n') == 11);
    CHECK(holds(table, "| 1.00e+18 |"));
    CHECK(holds(table, "| 1.00e+22 |"));
}

TEST_CASE("laws of other pipelines are read; what is missing is named") {
    auto const good = parse_json(R"({"n_opt_fit": {"coefficient_k": 1, "exponent_a": 0.5, "extra": true},
        "d_opt_fit": {"coefficient_k": 1, "exponent_a": 0.5, "k_ci": [1, 2]},
        "l_opt_fit": {"name": "L_opt", "coefficient_k": 1, "exponent_a": -0.1, "l_inf": 1.69}, "more": 1})");
    auto const laws = scaling::parse_laws(good);
    CHECK_FALSE(laws.n_opt_fit.l_inf);
    CHECK(laws.d_opt_fit.k_ci->at(1) == 2);
    CHECK(laws.l_opt_fit.formula == "L_opt = 1.6900 + 1.0000e+00 * C^-0.1000");
    auto bad = good;
    bad["d_opt_fit"].erase("exponent_a");
    CHECK(refusal([&] {
              (void)scaling::parse_laws(bad, "l.json");
          }).starts_with("l.json.d_opt_fit.exponent_a: bad_laws: is not there"));
    bad.erase("n_opt_fit");
    CHECK(refusal([&] { (void)scaling::parse_laws(bad, "l.json"); }).starts_with("l.json.n_opt_fit: bad_laws"));
}
