#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/small_inverse.hpp>

using namespace kvt::numeric;

TEST_CASE("a matrix times its inverse is one") {
    kvt::random_stream stream{4, "inverse"};
    for (int round = 0; round < 200; ++round) {
        small_matrix<3> m{};
        for (auto& row : m)
            for (double& x : row) x = stream.unit() - 0.5;
        auto const found = inverse<3>(m, 1e-4);
        if (!found) continue;
        for (std::size_t r = 0; r < 3; ++r)
            for (std::size_t c = 0; c < 3; ++c) {
                double sum = 0;
                for (std::size_t k = 0; k < 3; ++k) sum += m[r][k] * (*found)[k][c];
                CHECK(sum == doctest::Approx(r == c ? 1 : 0).epsilon(1e-9));
            }
    }
}

TEST_CASE("rows are exchanged where a pivot is zero, and a singular matrix has no inverse") {
    auto const swapped = inverse<2>({{{0, 2}, {4, 0}}});
    REQUIRE(swapped);
    CHECK((*swapped)[0][1] == 0.25);
    CHECK((*swapped)[1][0] == 0.5);
    CHECK_FALSE(inverse<2>({{{1, 2}, {2, 4}}}));
    CHECK_FALSE(inverse<2>({}));
}
