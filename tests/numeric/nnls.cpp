#include "least_squares.hpp"

#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/numeric/nnls.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace kvt::numeric;
using least_squares::problem;
using least_squares::random_problem;

namespace {

nnls_fit solved(problem const& p) { return nnls(p.columns(), p.unknowns(), p.values()); }

void check_optimal(problem const& p, nnls_fit const& fit, double slack = 1e-11) {
    Eigen::VectorXd const b = Eigen::Map<Eigen::VectorXd const>{fit.x.data(), p.x.cols()};
    REQUIRE(least_squares::violation(p, fit.x) <= slack);
    REQUIRE(fit.kkt <= slack);
    REQUIRE(fit.residual == doctest::Approx((p.y - p.x * b).norm()).epsilon(1e-9).scale(p.y.norm()));
}

}  // namespace

TEST_CASE("the minimiser is the best of all supports") {
    kvt::random_stream some{14, "supports"};
    for (int round = 0; round < 3000; ++round) {
        auto const unknowns = 1 + some.below(6);
        auto const rows = unknowns + some.below(60);
        auto const p = random_problem(some, rows, unknowns, some.unit() - 0.8);
        auto const fit = solved(p);
        auto const expected = least_squares::best_support(p);
        INFO("round ", round, ", ", p.x.rows(), " x ", unknowns, " ", kvt::name_of(fit.method));
        REQUIRE(fit.verdict == nnls_verdict::unique);
        REQUIRE(fit.rank == static_cast<std::int64_t>(unknowns));
        for (std::size_t c = 0; c < unknowns; ++c) {
            REQUIRE(fit.x[c] == doctest::Approx(expected[static_cast<Eigen::Index>(c)]).epsilon(1e-7));
            REQUIRE((fit.x[c] == 0) == (expected[static_cast<Eigen::Index>(c)] == 0));
        }
        check_optimal(p, fit);
    }
}

TEST_CASE("many unknowns are solved to optimality") {
    kvt::random_stream some{15, "many"};
    for (int round = 0; round < 60; ++round) {
        auto const unknowns = 5 + some.below(80);
        auto const rows = unknowns + some.below(300);
        auto const p = random_problem(some, rows, unknowns, -some.unit());
        auto const fit = solved(p);
        INFO("round ", round, ", ", p.x.rows(), " x ", unknowns, " ", kvt::name_of(fit.method));
        REQUIRE(fit.verdict == nnls_verdict::unique);
        check_optimal(p, fit);
        if (std::ranges::any_of(fit.x, [](double v) { return v > 0; })) REQUIRE(fit.iterations > 0);
    }
}

TEST_CASE("nearly dependent columns go through the triangle and keep their digits") {
    kvt::random_stream some{16, "close"};
    for (std::size_t const unknowns : {2U, 3U, 4U, 6U, 20U}) {
        auto p = random_problem(some, 500, unknowns, 0);
        p.x.col(1) = p.x.col(0) + 1e-6 * p.x.col(1);
        Eigen::VectorXd truth = Eigen::VectorXd::LinSpaced(static_cast<Eigen::Index>(unknowns), 2, 3);
        p.y = p.x * truth;
        auto const fit = solved(p);
        CHECK(fit.method == nnls_method::triangle);
        CHECK(fit.verdict == nnls_verdict::unique);
        for (std::size_t c = 0; c < unknowns; ++c)
            CHECK(fit.x[c] == doctest::Approx(truth[static_cast<Eigen::Index>(c)]).epsilon(1e-7));
    }
}

TEST_CASE("scaling columns and values by powers of two scales the answer, bit for bit") {
    kvt::random_stream some{17, "scale"};
    for (int round = 0; round < 300; ++round) {
        auto const unknowns = 1 + some.below(8);
        auto p = random_problem(some, unknowns + some.below(40), unknowns);
        auto const fit = solved(p);
        std::vector<int> by;
        for (Eigen::Index c = 0; c < p.x.cols(); ++c) {
            by.push_back(static_cast<int>(some.below(200)) - 100);
            p.x.col(c) *= std::ldexp(1.0, by.back());
        }
        p.y *= 0x1p37;
        auto const scaled = solved(p);
        for (std::size_t c = 0; c < unknowns; ++c)
            REQUIRE(scaled.x[c] == doctest::Approx(std::ldexp(fit.x[c], 37 - by[c])).epsilon(1e-12));
        REQUIRE(scaled.residual == doctest::Approx(fit.residual * 0x1p37).epsilon(1e-10));
    }
}

TEST_CASE("magnitudes whose squares leave the range of a double") {
    kvt::random_stream some{18, "extreme"};
    for (std::size_t const unknowns : {1U, 3U, 6U}) {
        auto const p = random_problem(some, 30, unknowns);
        auto const fit = solved(p);
        for (int const power : {-900, -600, 600, 900}) {
            auto q = p;
            for (double& v : q.x.reshaped()) v = std::ldexp(v, power);
            for (double& v : q.y.reshaped()) v = std::ldexp(v, power / 2);
            auto const got = solved(q);
            for (std::size_t c = 0; c < unknowns; ++c)
                CHECK(std::ldexp(got.x[c], power - power / 2) == doctest::Approx(fit.x[c]).epsilon(1e-9));
            CHECK(std::ldexp(got.residual, -power / 2) == doctest::Approx(fit.residual).epsilon(1e-9));
        }
    }
}

TEST_CASE("the order of columns and of rows does not matter") {
    kvt::random_stream some{19, "order"};
    for (int round = 0; round < 200; ++round) {
        auto const unknowns = 1 + some.below(9);
        auto const p = random_problem(some, unknowns + some.below(50), unknowns);
        auto const fit = solved(p);
        auto const shuffled = [&](Eigen::Index n) {
            std::vector<Eigen::Index> order(static_cast<std::size_t>(n));
            std::iota(order.begin(), order.end(), Eigen::Index{0});
            for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[some.below(i + 1)]);
            return order;
        };
        auto const rows = shuffled(p.x.rows()), columns = shuffled(p.x.cols());
        auto const other = solved({p.x(rows, columns), p.y(rows)});
        for (std::size_t c = 0; c < unknowns; ++c)
            REQUIRE(other.x[c] == doctest::Approx(fit.x[static_cast<std::size_t>(columns[c])]).epsilon(1e-8));
    }
}

TEST_CASE("dependent columns: the verdict says so, and the fit is as good as any") {
    kvt::random_stream some{20, "dependent"};
    for (int round = 0; round < 200; ++round) {
        auto const unknowns = 2 + some.below(7);
        auto p = random_problem(some, 4 + some.below(40), unknowns, 0);
        p.x.col(static_cast<Eigen::Index>(unknowns - 1)) = 3 * p.x.col(0);
        if (round % 3 == 0) p.x.col(1).setZero();
        auto const fit = solved(p);
        INFO("round ", round);
        REQUIRE(fit.verdict == nnls_verdict::dependent);
        REQUIRE(fit.method == nnls_method::triangle);
        REQUIRE(fit.rank < static_cast<std::int64_t>(unknowns));
        check_optimal(p, fit, 1e-10);
    }
    // Equal gradients: the first column is meant.
    auto const equal = nnls(std::vector{6.0, 0.0, 6.0}, 3, std::vector{1.5});
    CHECK(equal.x == std::vector{0.25, 0.0, 0.0});
    // More unknowns than rows.
    auto const wide = random_problem(some, 3, 10, 0);
    auto const fit = solved(wide);
    CHECK(fit.verdict == nnls_verdict::dependent);
    CHECK(fit.rank == 3);
    check_optimal(wide, fit, 1e-10);
}

TEST_CASE("a path of five and more unknowns follows the rule of the small solver") {
    // Columns of zeros around three that depend on each other change nothing.
    std::vector<double> columns(6 * 2);
    columns[2] = 4, columns[6] = 200;  // columns 1 and 3 of two rows
    auto const fit = nnls(columns, 6, std::vector{1.5, 0.0});
    CHECK(fit.x == std::vector<double>{0, 0, 0, 0.0075, 0, 0});
    CHECK(fit.rank == 1);
}

TEST_CASE("empty problems") {
    auto const nothing = nnls({}, 0, {});
    CHECK(nothing.x.empty());
    CHECK(nothing.residual == 0);
    auto const no_unknowns = nnls({}, 0, std::vector{3.0, 4.0});
    CHECK(no_unknowns.residual == 5);
    CHECK(no_unknowns.verdict == nnls_verdict::unique);
    for (std::size_t const unknowns : {1U, 4U, 7U}) {
        auto const no_rows = nnls({}, unknowns, {});
        CHECK(no_rows.x == std::vector<double>(unknowns, 0.0));
        CHECK(no_rows.rank == 0);
        CHECK(no_rows.verdict == nnls_verdict::dependent);
        auto const zeros = nnls(std::vector<double>(unknowns * 2), unknowns, std::vector{3.0, 4.0});
        CHECK(zeros.x == std::vector<double>(unknowns, 0.0));
        CHECK(zeros.residual == 5);
        CHECK(zeros.verdict == nnls_verdict::dependent);
    }
    CHECK(nnls(std::vector{1.0, 2.0}, 1, std::vector{0.0, 0.0}).x == std::vector{0.0});
}

TEST_CASE("what is not finite, and sizes that do not fit, are refused") {
    for (double const bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        CHECK_THROWS_AS((void)nnls(std::vector{1.0, bad}, 1, std::vector{1.0, 2.0}), kvt::error);
        CHECK_THROWS_AS((void)nnls(std::vector{1.0, 2.0}, 1, std::vector{bad, 2.0}), kvt::error);
        CHECK_THROWS_AS((void)nnls({}, 0, std::vector{bad}), kvt::error);
        CHECK_THROWS_AS((void)nnls(std::vector(14, bad), 7, std::vector{1.0, 2.0}), kvt::error);
    }
    CHECK_THROWS_AS((void)nnls(std::vector{1.0, 2.0, 3.0}, 1, std::vector{1.0, 2.0}), kvt::error);
}
