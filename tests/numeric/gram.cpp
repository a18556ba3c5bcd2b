#include "least_squares.hpp"

#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/numeric/gram.hpp>

using kvt::numeric::gram_of;

TEST_CASE("sums of products, to the last few digits, of any number of rows and columns") {
    kvt::random_stream some{11, "gram"};
    for (std::size_t const rows : {0U, 1U, 7U, 8U, 9U, 511U, 512U, 513U, 520U, 1031U})
        for (std::size_t const unknowns : {0U, 1U, 3U, 4U, 5U, 8U, 13U}) {
            INFO(rows, " x ", unknowns);
            auto const p = least_squares::random_problem(some, rows, unknowns);
            auto const got = gram_of(p.columns(), unknowns, p.values());
            Eigen::MatrixXd const products = p.x.transpose() * p.x;
            Eigen::VectorXd const with_y = p.x.transpose() * p.y;
            double const scale = static_cast<double>(rows) + 1e-300;
            for (std::size_t a = 0; a < unknowns; ++a) {
                auto const row = static_cast<Eigen::Index>(a);
                REQUIRE(std::abs(got.with_y[a] - with_y[row]) <= 1e-15 * scale);
                for (std::size_t b = 0; b < unknowns; ++b) {
                    REQUIRE(std::abs(got.product(a, b) - products(row, static_cast<Eigen::Index>(b))) <= 1e-15 * scale);
                    REQUIRE(got.product(a, b) == got.product(b, a));
                }
            }
            REQUIRE(got.y_squared == doctest::Approx(p.y.squaredNorm()).epsilon(1e-14));
            REQUIRE(got.rows == rows);
        }
}

TEST_CASE("every instruction set gives the same bits") {
    kvt::random_stream some{12, "same"};
    for (int round = 0; round < 60; ++round) {
        auto const unknowns = 1 + some.below(11);
        auto const p = least_squares::random_problem(some, some.below(1500), unknowns);
        auto const plain = gram_of(p.columns(), unknowns, p.values(), kvt::instruction_set::portable);
        for (auto const set : kvt::usable_instruction_sets()) {
            auto const got = gram_of(p.columns(), unknowns, p.values(), set);
            REQUIRE(got.products == plain.products);
            REQUIRE(got.with_y == plain.with_y);
            REQUIRE(got.y_squared == plain.y_squared);
        }
    }
}

TEST_CASE("systems of parts add up") {
    kvt::random_stream some{13, "parts"};
    auto const p = least_squares::random_problem(some, 100, 2);
    least_squares::problem const top{p.x.topRows(60), p.y.head(60)}, rest{p.x.bottomRows(40), p.y.tail(40)};
    auto sum = gram_of(top.columns(), 2, top.values());
    sum.add(gram_of(rest.columns(), 2, rest.values()));
    auto const whole = gram_of(p.columns(), 2, p.values());
    CHECK(sum.rows == 100);
    CHECK(sum.product(0, 1) == doctest::Approx(whole.product(0, 1)).epsilon(1e-14));
    CHECK(sum.with_y[1] == doctest::Approx(whole.with_y[1]).epsilon(1e-14));
    CHECK(sum.y_squared == doctest::Approx(whole.y_squared).epsilon(1e-14));
    CHECK_THROWS_AS(sum.add(gram_of({}, 0, {})), kvt::error);
    CHECK_THROWS_AS((void)gram_of(p.columns(), 3, p.values()), kvt::error);
}
