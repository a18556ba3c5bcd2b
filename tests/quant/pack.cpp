#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/pack.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("codes come back from their bytes, from any position") {
    kvt::random_stream stream{12, "pack"};
    for (int round = 0; round < 1000; ++round) {
        std::int32_t const bits = 2 << stream.below(3);
        std::vector<std::int32_t> codes(stream.below(round % 4 == 0 ? 700 : 40));
        for (auto& c : codes) c = static_cast<std::int32_t>(stream.below(1U << bits));
        auto const bytes = pack(codes, bits);
        REQUIRE(bytes.size() == (codes.size() * bits + 7) / 8);
        REQUIRE(unpack(bytes, codes.size(), bits) == codes);
        auto const first = stream.below(codes.size() + 1);
        REQUIRE(unpack(bytes, codes.size() - first, bits, first) ==
                std::vector<std::int32_t>(codes.begin() + first, codes.end()));
        for (std::size_t i = 0; i < codes.size(); ++i) {  // as the format says it
            auto const bit = i * bits;
            auto const found = bytes[bit / 8] >> bit % 8 & top_code(bits);
            REQUIRE(found == codes[i]);
        }
        bool const loose = !codes.empty() && codes.size() * bits % 8 != 0;
        int const unused = loose ? bytes.back() >> codes.size() * bits % 8 : 0;
        REQUIRE(unused == 0);
    }
}

TEST_CASE("codes that do not fit and bytes that do not reach are refused") {
    CHECK(fault_of([] { (void)pack(std::vector<std::int32_t>{0, 4}, 2); }) == "code_out_of_range");
    CHECK(fault_of([] { (void)pack(std::vector<std::int32_t>{-1}, 8); }) == "code_out_of_range");
    CHECK(fault_of([] { (void)pack(std::vector<std::int32_t>{1}, 3); }) == "invalid_bit_width");
    std::vector<std::uint8_t> const two(2);
    CHECK(unpack(two, 8, 2).size() == 8);
    CHECK(fault_of([&] { (void)unpack(two, 9, 2); }) == "length_mismatch");
    CHECK(fault_of([&] { (void)unpack(two, 1, 2, 8); }) == "length_mismatch");
    CHECK(fault_of([&] { (void)unpack(two, 1, 2, SIZE_MAX - 1); }) == "length_mismatch");
    CHECK(fault_of([&] { (void)unpack(two, SIZE_MAX, 2, 1); }) == "length_mismatch");
}
