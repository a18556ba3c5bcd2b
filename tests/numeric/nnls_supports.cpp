#include "least_squares.hpp"

#include <doctest/doctest.h>
#include <kvt/numeric/nnls_supports.hpp>

using namespace kvt::numeric;

namespace {

template <std::size_t K> small_gram<K> system_of(least_squares::problem const& p) {
    small_gram<K> out;
    Eigen::MatrixXd const products = p.x.transpose() * p.x;
    Eigen::VectorXd const with_y = p.x.transpose() * p.y;
    for (std::size_t a = 0; a < K; ++a) {
        for (std::size_t b = 0; b < K; ++b)
            out.products[a][b] = products(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
        out.with_y[a] = with_y[static_cast<Eigen::Index>(a)];
    }
    out.y_squared = p.y.squaredNorm();
    return out;
}

template <std::size_t K> void check_random() {
    kvt::random_stream some{23, "closed form"};
    for (int round = 0; round < 1000; ++round) {
        auto const rows = K + 4 + some.below(20);
        auto const p = least_squares::random_problem(some, rows, K, -some.unit());
        auto const fit = solve_supports(system_of<K>(p));
        if (!fit) continue;  // a small determinant
        auto const expected = least_squares::best_support(p);
        for (std::size_t c = 0; c < K; ++c)
            REQUIRE(fit->x[c] == doctest::Approx(expected[static_cast<Eigen::Index>(c)]).epsilon(1e-9));
        REQUIRE(least_squares::violation(p, fit->x) < 1e-11);
        REQUIRE(fit->tried <= (1 << K) + 6);
    }
}

}  // namespace

TEST_CASE("the closed form is the best of all supports") {
    check_random<1>();
    check_random<2>();
    check_random<3>();
    check_random<4>();
}

TEST_CASE("what the closed form refuses") {
    small_gram<2> system{{{{1, 0.5}, {0.5, 1}}}, {1, 1}, 2};
    CHECK(solve_supports(system)->x[0] == doctest::Approx(2 / 3.0));
    auto dependent = system;
    dependent.products[0][1] = dependent.products[1][0] = 1;
    CHECK_FALSE(solve_supports(dependent));
    auto zero = system;
    zero.products[0][0] = 0;
    CHECK_FALSE(solve_supports(zero));
    auto broken = system;
    broken.y_squared = std::nan("");
    CHECK_FALSE(solve_supports(broken));
    broken = system, broken.with_y[0] = std::nan("");
    CHECK_FALSE(solve_supports(broken));
}
