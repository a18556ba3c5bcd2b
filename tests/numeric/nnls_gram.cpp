#include "least_squares.hpp"

#include <doctest/doctest.h>
#include <kvt/numeric/nnls.hpp>
#include <kvt/numeric/nnls_gram.hpp>

using namespace kvt::numeric;

TEST_CASE("a system gives what its rows give") {
    kvt::random_stream some{21, "system"};
    for (int round = 0; round < 300; ++round) {
        auto const unknowns = some.below(9);
        auto const p = least_squares::random_problem(some, 60 + some.below(100), unknowns);
        auto const system = gram_of(p.columns(), unknowns, p.values());
        auto const fit = solve_gram(system);
        REQUIRE(fit);
        REQUIRE(fit->x == nnls(p.columns(), unknowns, p.values()).x);
        REQUIRE(fit->residual == doctest::Approx(nnls(p.columns(), unknowns, p.values()).residual).epsilon(1e-9));
    }
}

TEST_CASE("a system that cannot tell says so") {
    kvt::random_stream some{22, "cannot tell"};
    for (std::size_t const unknowns : {2U, 4U, 7U}) {
        auto p = least_squares::random_problem(some, 50, unknowns);
        auto const told = [&] { return solve_gram(gram_of(p.columns(), unknowns, p.values())).has_value(); };
        CHECK(told());
        auto const first = p.x.col(0).eval();
        p.x.col(0) = p.x.col(1) * (1 + 1e-9);
        CHECK_FALSE(told());
        p.x.col(0).setZero();
        CHECK_FALSE(told());
        p.x.col(0) = 1e160 * first;
        CHECK_FALSE(told());
        p.x.col(0).setConstant(std::nan(""));
        CHECK_FALSE(told());
    }
}
