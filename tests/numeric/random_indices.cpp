#include "draws.hpp"

#include <doctest/doctest.h>
#include <kvt/numeric/random_indices.hpp>

#include <vector>

using kvt::random_stream;
using kvt::numeric::draw_indices;

namespace {

void check_equal(random_stream stream, std::uint32_t n, std::size_t count) {
    random_stream one_by_one = stream;
    std::vector<std::uint32_t> expected(count), got(count);
    for (auto& index : expected) index = static_cast<std::uint32_t>(one_by_one.below(n));
    for (auto const set : kvt::usable_instruction_sets()) {
        INFO(kvt::name_of(set), " n=", n, " count=", count);
        random_stream together = stream;
        draw_indices(together, n, got, set);
        REQUIRE(got == expected);
        REQUIRE(together.state() == one_by_one.state());
    }
}

}  // namespace

TEST_CASE("bulk draws are the single draws, on every instruction set") {
    random_stream seeds{1, "bulk draws"};
    for (std::uint32_t const n : {1U, 2U, 3U, 7U, 8U, 1000U, 4096U, 65'537U, 0x80000000U, 0x80000001U, 0xFFFFFFFFU})
        for (std::size_t const count : {0U, 1U, 5U, 8U, 9U, 100U, 4096U, 10'001U})
            check_equal(random_stream{seeds.next()}, n, count);
    for (int round = 0; round < 300; ++round)
        check_equal(random_stream{seeds.next()}, static_cast<std::uint32_t>(1 + seeds.below(0xFFFFFFFFU)),
                    seeds.below(200));
}

TEST_CASE("a rejected draw moves all later ones") {
    // A draw of 0 is rejected unless n is a power of two.
    for (std::uint64_t const position : {0U, 3U, 8U, 77U, 4095U, 4096U, 5000U}) {
        auto const stream = draws::stream_with(0, position);
        random_stream once = stream;
        once.skip(position);
        (void)once.below(1000);
        auto after = stream;
        after.skip(position + 2);
        REQUIRE(once.state() == after.state());
        check_equal(stream, 1000, 6000);
        check_equal(stream, 1024, 6000);
    }
}

TEST_CASE("draws at the edge between two indices") {
    random_stream some{2, "edges"};
    for (int round = 0; round < 2000; ++round) {
        auto const n = static_cast<std::uint32_t>(2 + some.below(round % 2 == 0 ? 5000 : 0xFFFFFF00U));
        auto const index = 1 + some.below(n - 1);
        __extension__ typedef unsigned __int128 wide;
        auto const edge = static_cast<std::uint64_t>(((static_cast<wide>(index) << 64) + n - 1) / n);
        auto const value = edge + some.below(5) - 2 + (round % 3 == 0 ? some.below(1ULL << 34) - (1ULL << 33) : 0);
        check_equal(draws::stream_with(value, some.below(40)), n, 40);
    }
}

TEST_CASE("there must be something to draw from") {
    random_stream stream{3};
    std::vector<std::uint32_t> out(3);
    CHECK_THROWS_AS(draw_indices(stream, 0, out), kvt::error);
}
