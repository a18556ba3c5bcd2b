#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/affine.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <vector>

using namespace kvt::quant;

TEST_CASE("parameters stored in four bytes are binary32, in eight they stay") {
    kvt::random_stream stream{10, "affine"};
    std::vector<affine> all(1000), kept;
    for (auto& a : all) a = {stream.unit() + 1e-3, stream.unit() - 2};
    affine (affine::*volatile stored)(std::int32_t) const = &affine::stored;  // not in line
    for (auto const& a : all) kept.push_back((a.*stored)(4));
    for (std::size_t i = 0; i < all.size(); ++i) {
        // by bits: what binary32 cannot hold must be gone
        constexpr std::uint64_t beyond = (std::uint64_t{1} << 29) - 1;
        CHECK((std::bit_cast<std::uint64_t>(kept[i].scale) & beyond) == 0);
        CHECK((std::bit_cast<std::uint64_t>(kept[i].offset) & beyond) == 0);
        CHECK(std::abs(kept[i].scale - all[i].scale) <= 0x1p-24 * all[i].scale);
        CHECK(std::abs(kept[i].offset - all[i].offset) <= 0x1p-23);
        CHECK(all[i].stored(8).scale == all[i].scale);
    }
}

TEST_CASE("codes are clamped, ties go away from zero, and decoding rounds once") {
    affine const a = affine::over({-1, 2}, 2);
    CHECK(a.scale == 1);
    CHECK(a.offset == -1);
    CHECK(a.zero_point() == 1);
    CHECK(a.encode(-9, 3) == 0);
    CHECK(a.encode(9, 3) == 3);
    CHECK(a.encode(0.5, 3) == 2);
    CHECK(a.encode(-0.5, 3) == 1);
    CHECK(affine{0.1, 1e-20}.decode(3) == std::fma(3, 0.1, 1e-20));
    CHECK(affine::over({3, 3}, 8).scale == 0);
    CHECK(affine{0, 3}.encode(7, 255) == 0);
    CHECK(affine{0, 3}.decode(0) == 3);
    CHECK(fault_of([] { check_bits(3); }) == "invalid_bit_width");
}
