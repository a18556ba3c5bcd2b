#include "quant/tensors.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace quant = kvt::quant;
using quant::fault;
using tensors::tensor;

TEST_CASE("groups are consecutive pieces, and have ends") {
    tensor const t{{3, -1, 2, 7, 7}, {0, 3, 5}, 4};
    CHECK(t.view().groups() == 2);
    CHECK(t.view().group(0).size() == 3);
    auto const ranges = quant::min_max(t.view());
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0].lo == -1);
    CHECK(ranges[0].hi == 3);
    CHECK(ranges[1].degenerate());
}

TEST_CASE("bounds that do not fit are refused") {
    auto const refused = [](tensor const& t) { return tensors::refusal([&] { t.view().check(); }); };
    CHECK(refused({{1}, {0, 1}, 3}) == fault::invalid_bit_width);
    CHECK(refused({{1}, {}, 2}) == fault::empty_input);
    CHECK(refused({{1}, {0}, 2}) == fault::empty_input);
    CHECK(refused({{1, 2}, {0, 1}, 2}) == fault::length_mismatch);
    CHECK(refused({{1, 2}, {1, 2}, 2}) == fault::length_mismatch);
    CHECK(refused({{1, 2}, {0, 0, 2}, 2}) == fault::empty_input);
    CHECK(refused({{1, 2, 3}, {0, 2, 1, 3}, 2}) == fault::length_mismatch);
    CHECK(refused({{1, 2, 3}, {0, 9, 3}, 2}) == fault::length_mismatch);
    CHECK_THROWS_AS((tensor{{1, 2}, {0, 2}, 2, 3}.view().check()), kvt::error);
}

TEST_CASE("parameters as they are stored: exact, to the nearest, and in two bytes so that the range is covered") {
    quant::value_range const r{8249.0123456, 8249.1};
    auto const with = [&](std::int32_t bytes) { return quant::grouped_values{{}, {}, 4, bytes}.parameters(r); };
    CHECK(with(8).offset == r.lo);
    CHECK(with(4).offset == static_cast<double>(static_cast<float>(r.lo)));
    CHECK(with(4).scale == static_cast<double>(static_cast<float>((r.hi - r.lo) / 15)));
    CHECK(with(2).offset == 8248);  // binary16 has steps of 8 here
    CHECK(with(2).decode(15) >= r.hi);
}

TEST_CASE("a value that is not finite is named by its place") {
    for (float const bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        tensor const t{{1, 2, 3, bad}, {0, 2, 4}, 2};
        try {
            (void)quant::min_max(t.view());
            FAIL("not refused");
        } catch (quant::quant_error const& e) {
            CHECK(e.code() == fault::non_finite_input);
            CHECK(e.where() == "value 3");
        }
    }
}
