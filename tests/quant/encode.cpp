#include "faults.hpp"
#include "numbers.hpp"

#include <kvt/quant/encode.hpp>
#include <kvt/quant/measure.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>

using namespace kvt::quant;

TEST_CASE("every instruction set gives the codes of the plain rule, ties included") {
    kvt::random_stream stream{21, "codes"};
    for (int round = 0; round < 4000; ++round) {
        std::int32_t const bits = 2 << stream.below(3);
        auto const grid = stream.below(2) == 0 ? code_grid::unsigned_codes(bits) : code_grid::signed_codes(bits);
        auto const p = stream.below(50) == 0 ? affine{0, 1.5} : hard::parameters(stream);
        auto const values = hard::values(stream, p, grid, stream.below(round % 100 == 0 ? 9000 : 200));
        std::size_t const first = stream.below(9);
        std::vector<std::uint8_t> before(packed_bytes(first + values.size() + 7, bits));
        for (auto& b : before) b = static_cast<std::uint8_t>(stream.below(256));
        auto wanted = unpack(before, before.size() * 8 / bits, bits);
        for (std::size_t i = 0; i < values.size(); ++i) wanted[first + i] = grid.stored(grid.encode(p, values[i]));
        for (auto const set : kvt::usable_instruction_sets()) {
            CAPTURE(kvt::name_of(set));
            CAPTURE(round);
            auto bytes = before;
            encode(values, p, grid, bytes, first, set);
            REQUIRE(unpack(bytes, wanted.size(), bits) == wanted);
            auto again = before;
            (void)encode_and_measure(values, p, grid, again, first, set);
            REQUIRE(again == bytes);
        }
    }
}

TEST_CASE("values come back from their codes") {
    kvt::random_stream stream{22, "decode"};
    for (int round = 0; round < 2000; ++round) {
        std::int32_t const bits = 2 << stream.below(3);
        auto const grid = stream.below(2) == 0 ? code_grid::unsigned_codes(bits) : code_grid::signed_codes(bits);
        affine const p{stream.below(20) == 0 ? 0 : 0.01 + stream.unit(), 2 * stream.unit() - 1};
        auto const values = hard::values(stream, p, grid, 1 + stream.below(round % 100 == 0 ? 9000 : 300));
        std::size_t const first = stream.below(9);
        std::vector<std::uint8_t> bytes(packed_bytes(first + values.size(), bits));
        encode(values, p, grid, bytes, first);
        std::vector<double> wide(values.size());
        std::vector<float> narrow(values.size());
        for (auto const set : kvt::usable_instruction_sets()) {
            CAPTURE(kvt::name_of(set));
            std::ranges::fill(wide, NAN), std::ranges::fill(narrow, NAN);
            decode(bytes, first, p, grid, wide, set);
            decode(bytes, first, p, grid, narrow, set);
            for (std::size_t i = 0; i < values.size(); ++i) {
                double const y = p.decode(grid.encode(p, values[i]));
                REQUIRE(std::bit_cast<std::uint64_t>(wide[i]) == std::bit_cast<std::uint64_t>(y));
                REQUIRE(std::bit_cast<std::uint32_t>(narrow[i]) == std::bit_cast<std::uint32_t>(static_cast<float>(y)));
            }
        }
    }
}

TEST_CASE("bytes that do not reach are refused") {
    std::vector<std::uint8_t> bytes(2);
    std::vector<float> const values(8);
    std::vector<double> out(9);
    auto const grid = code_grid::unsigned_codes(2);
    CHECK_NOTHROW(encode(values, {1, 0}, grid, bytes));
    CHECK(fault_of([&] { encode(values, {1, 0}, grid, bytes, 1); }) == "length_mismatch");
    CHECK(fault_of([&] { decode(bytes, 0, {1, 0}, grid, out); }) == "length_mismatch");
    CHECK(fault_of([&] { encode(values, {1, 0}, {3, 0, 7}, bytes); }) == "invalid_bit_width");
}
