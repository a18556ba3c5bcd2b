#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/nnls_small.hpp>

#include <Eigen/Dense>

using namespace kvt::numeric;

namespace {

template <std::size_t K> row_triangle<K> folded(Eigen::MatrixXd const& x, Eigen::VectorXd const& y) {
    row_triangle<K> out;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        typename row_triangle<K>::row row{};
        for (std::size_t c = 0; c < K; ++c) row[c] = x(i, static_cast<Eigen::Index>(c));
        row[K] = y(i);
        out.add(row);
    }
    return out;
}

// The best of all supports, each fitted alone.
template <std::size_t K> std::array<double, K> best_support(Eigen::MatrixXd const& x, Eigen::VectorXd const& y) {
    std::array<double, K> best{};
    double least = y.squaredNorm();
    for (unsigned support = 1; support < (1U << K); ++support) {
        std::vector<Eigen::Index> columns;
        for (std::size_t c = 0; c < K; ++c)
            if ((support >> c & 1U) != 0) columns.push_back(static_cast<Eigen::Index>(c));
        Eigen::MatrixXd const part = x(Eigen::all, columns);
        Eigen::VectorXd const b = part.colPivHouseholderQr().solve(y);
        double const rest = (part * b - y).squaredNorm();
        if (b.minCoeff() < 0 || rest >= least) continue;
        least = rest, best = {};
        for (std::size_t k = 0; k < columns.size(); ++k) best[static_cast<std::size_t>(columns[k])] = b(static_cast<Eigen::Index>(k));
    }
    return best;
}

template <std::size_t K> void check_random(int rounds) {
    kvt::random_stream stream{40, "nnls"};
    for (int round = 0; round < rounds; ++round) {
        INFO(K, " unknowns, round ", round);
        auto const rows = static_cast<Eigen::Index>(K + stream.below(200));
        auto const k = static_cast<Eigen::Index>(K);
        Eigen::MatrixXd x(rows, k);
        Eigen::VectorXd y(rows);
        for (Eigen::Index i = 0; i < rows; ++i) {
            for (Eigen::Index c = 0; c < k; ++c) x(i, c) = (stream.unit() - 0.3) * std::pow(100.0, static_cast<double>(c));
            y(i) = stream.unit() - 0.2;
        }
        auto const got = solve_small_nnls(folded<K>(x, y));
        auto const expected = best_support<K>(x, y);
        Eigen::VectorXd b(k);
        for (std::size_t c = 0; c < K; ++c) {
            REQUIRE(got.x[c] == doctest::Approx(expected[c]).epsilon(1e-9));
            REQUIRE((got.x[c] == 0) == (expected[c] == 0));
            b(static_cast<Eigen::Index>(c)) = got.x[c];
        }
        Eigen::VectorXd const rest = y - x * b, gradient = x.transpose() * rest;
        REQUIRE(got.residual == doctest::Approx(rest.norm()).epsilon(1e-10));
        for (Eigen::Index c = 0; c < k; ++c) {  // Karush, Kuhn and Tucker
            double const scale = x.col(c).norm() * y.norm();
            REQUIRE(gradient(c) <= 1e-11 * scale);
            if (b(c) > 0) REQUIRE(std::abs(gradient(c)) <= 1e-11 * scale);
        }
    }
}

}  // namespace

TEST_CASE("the minimiser is the best of all supports") {
    check_random<1>(300);
    check_random<2>(500);
    check_random<3>(1500);
    check_random<4>(1500);
}

TEST_CASE("no rows and rows of zeros") {
    row_triangle<3> none;
    CHECK(solve_small_nnls(none).x == std::array<double, 3>{});
    CHECK(rank_of(none).rank == 0);
    CHECK(rank_of(none).zeros == 3);
    none.add({0, 0, 0, 5});
    CHECK(solve_small_nnls(none).x == std::array<double, 3>{});
    CHECK(solve_small_nnls(none).residual == 5);
}

TEST_CASE("columns that depend on each other: the first, or the longer gradient, is meant") {
    row_triangle<3> equal;
    equal.add({6, 0, 6, 1.5});
    CHECK(solve_small_nnls(equal).x == std::array<double, 3>{0.25, 0, 0});
    auto const rank = rank_of(equal);
    CHECK(rank.rank == 1);
    CHECK(rank.zeros == 1);
    CHECK_FALSE(rank.condition);
    CHECK(rank.untold == std::vector<std::size_t>{0, 1, 2});
    row_triangle<3> longer;
    longer.add({4, 200, 0, 1.5});
    CHECK(solve_small_nnls(longer).x == std::array<double, 3>{0, 0.0075, 0});
}

TEST_CASE("a column with another's multiple keeps the rest told") {
    kvt::random_stream stream{41, "dependent"};
    row_triangle<3> rows;
    for (int i = 0; i < 50; ++i) {
        double const a = stream.unit(), b = stream.unit();
        rows.add({a, 3 * a, b, 2 * a + b});
    }
    auto const rank = rank_of(rows);
    CHECK(rank.rank == 2);
    CHECK(rank.untold == std::vector<std::size_t>{0, 1});
    auto const got = solve_small_nnls(rows);
    CHECK(got.x[0] + 3 * got.x[1] == doctest::Approx(2).epsilon(1e-12));
    CHECK(got.x[2] == doctest::Approx(1).epsilon(1e-12));
    CHECK(got.residual < 1e-13);
}

TEST_CASE("nearly proportional columns keep the digits that normal equations would lose") {
    kvt::random_stream stream{42, "close"};
    row_triangle<2> rows;
    for (int i = 0; i < 10'000; ++i) {
        double const a = 1 + stream.unit(), b = a + 1e-7 * stream.unit();
        rows.add({a, b, 2 * a + 3 * b});
    }
    auto const got = solve_small_nnls(rows);
    CHECK(got.x[0] == doctest::Approx(2).epsilon(1e-6));
    CHECK(got.x[1] == doctest::Approx(3).epsilon(1e-6));
    CHECK(*rank_of(rows).condition > 1e6);
}

TEST_CASE("the order of blocks is the order of rows") {
    kvt::random_stream stream{43, "order"};
    row_triangle<3> a, b;
    for (int i = 0; i < 1000; ++i) {
        row_triangle<3>::row const row{stream.unit(), stream.unit(), stream.unit(), stream.unit()};
        a.add(row), b.add(row);
        if (i % 100 == 0) (void)b.triangle();  // looking does not change anything
    }
    CHECK(a.triangle() == b.triangle());
}
