#include <kvt/quant/code_grid.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("every code is read as it was stored") {
    for (std::int32_t const bits : {2, 4, 8})
        for (auto const& grid : {code_grid::unsigned_codes(bits), code_grid::signed_codes(bits)}) {
            CHECK(grid.high - grid.low == top_code(bits));
            for (auto c = grid.low; c <= grid.high; ++c) {
                CHECK(grid.stored(c) <= top_code(bits));
                CHECK(grid.read(grid.stored(c)) == c);
            }
        }
}

TEST_CASE("ties go away from zero, and what lies outside gets the end codes") {
    auto const grid = code_grid::signed_codes(4);
    affine const p{0.5, 0};
    CHECK(grid.encode(p, 0.25) == 1);
    CHECK(grid.encode(p, -0.25) == -1);
    CHECK(grid.encode(p, 0.24999999999999997) == 0);
    CHECK(grid.encode(p, 1e300) == 7);
    CHECK(grid.encode(p, -1e300) == -8);
    CHECK(code_grid::unlimited(p, 100) == 200);
    CHECK(code_grid::unlimited({0, 3}, 100) == 0);
    // unsigned codes are those of affine::encode
    auto const plain = code_grid::unsigned_codes(4);
    for (double x = -3; x < 12; x += 0.25) CHECK(plain.encode({0.5, 1}, x) == affine{0.5, 1}.encode(x, 15));
}
