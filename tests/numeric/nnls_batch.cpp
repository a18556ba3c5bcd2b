#include "least_squares.hpp"

#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/numeric/nnls.hpp>
#include <kvt/numeric/nnls_batch.hpp>

using namespace kvt::numeric;

namespace {

struct backwards {
    template <class F> void parallel_for(std::size_t n, F const& f) const {
        while (n > 0) f(--n);
    }
};

struct arrays {
    std::size_t rows, unknowns, count;
    std::vector<double> columns, y, x, residuals;

    arrays(kvt::random_stream& some, std::size_t r, std::size_t u, std::size_t n) : rows{r}, unknowns{u}, count{n} {
        for (std::size_t i = 0; i < n * r * u; ++i) columns.push_back(some.unit() - 0.2);
        for (std::size_t i = 0; i < n * r; ++i) y.push_back(some.unit() - 0.2);
        x.resize(n * u), residuals.resize(n);
    }
    nnls_problems all() { return {rows, unknowns, columns, y, x, residuals}; }
};

}  // namespace

TEST_CASE("a batch solves each problem as it would be solved alone, whoever runs it") {
    kvt::random_stream some{24, "batch"};
    for (std::size_t const unknowns : {0U, 1U, 2U, 3U, 4U, 6U})
        for (std::size_t const rows : {0U, 1U, 3U, 8U, 19U}) {
            INFO(rows, " x ", unknowns);
            arrays a{some, rows, unknowns, 600};
            if (unknowns > 1 && rows > 0)  // problem 5 has two equal columns
                std::copy_n(a.columns.begin() + static_cast<std::ptrdiff_t>(5 * rows * unknowns), rows,
                            a.columns.begin() + static_cast<std::ptrdiff_t>((5 * unknowns + 1) * rows));
            auto const summary = nnls_batch(a.all());
            std::int64_t dependent = 0;
            for (std::size_t p = 0; p < a.count; ++p) {
                auto const fit = nnls(std::span{a.columns}.subspan(p * rows * unknowns, rows * unknowns), unknowns,
                                      std::span{a.y}.subspan(p * rows, rows));
                for (std::size_t c = 0; c < unknowns; ++c) REQUIRE(a.x[p * unknowns + c] == fit.x[c]);
                REQUIRE(a.residuals[p] == doctest::Approx(fit.residual).epsilon(1e-8));
                dependent += fit.verdict == nnls_verdict::dependent;
            }
            REQUIRE(summary.dependent == dependent);
            if (unknowns > 1 && rows > unknowns) REQUIRE(dependent == 1);
            auto const x = a.x, residuals = a.residuals;
            std::ranges::fill(a.x, -1);
            REQUIRE(nnls_batch(a.all(), backwards{}) == summary);
            REQUIRE(a.x == x);
            REQUIRE(a.residuals == residuals);
            for (auto const set : kvt::usable_instruction_sets()) {
                std::ranges::fill(a.x, -1);
                REQUIRE(nnls_batch(a.all(), set) == summary);
                REQUIRE(a.x == x);
            }
        }
}

TEST_CASE("no problems, sizes that do not fit, and what is not finite") {
    kvt::random_stream some{25, "bad batch"};
    arrays none{some, 8, 3, 0};
    CHECK(nnls_batch(none.all()) == nnls_batch_summary{});
    arrays few{some, 8, 3, 4};
    few.y.pop_back();
    CHECK_THROWS_AS(nnls_batch(few.all()), kvt::error);
    CHECK_THROWS_AS(nnls_batch(few.all(), backwards{}), kvt::error);
    few.y.push_back(std::nan(""));
    CHECK_THROWS_AS(nnls_batch(few.all()), kvt::error);
}
