#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/value_scan.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <vector>

using namespace kvt::quant;

namespace {

bool same(value_scan const& a, value_scan const& b) {
    return std::bit_cast<std::uint32_t>(a.least) == std::bit_cast<std::uint32_t>(b.least) &&
           std::bit_cast<std::uint32_t>(a.greatest) == std::bit_cast<std::uint32_t>(b.greatest) && a.count == b.count &&
           a.nan == b.nan && a.infinite == b.infinite;
}

}  // namespace

TEST_CASE("a scan finds range and bad values, alike on every instruction set") {
    kvt::random_stream stream{26, "scan"};
    for (int round = 0; round < 1500; ++round) {
        std::vector<float> values(stream.below(round % 100 == 0 ? 150'000 : 300));
        for (auto& v : values) v = stream.below(4) == 0 ? -0.0F : static_cast<float>(stream.unit() - 0.5);
        if (stream.below(3) == 0)  // any bit pattern
            for (auto& v : values)
                if (stream.below(20) == 0) v = std::bit_cast<float>(static_cast<std::uint32_t>(stream.next()));
        value_scan wanted{.count = static_cast<std::int64_t>(values.size())};
        for (float const v : values) {
            if (std::isnan(v)) ++wanted.nan;
            else if (std::isinf(v)) ++wanted.infinite;
            else wanted.least = std::min(wanted.least, v + 0.0F), wanted.greatest = std::max(wanted.greatest, v + 0.0F);
        }
        for (auto const set : kvt::usable_instruction_sets()) {
            CAPTURE(kvt::name_of(set));
            REQUIRE(same(scan(values, set), wanted));
            auto const cut = stream.below(values.size() + 1);
            auto sum = scan(std::span{values}.first(cut), set);
            sum += scan(std::span{values}.subspan(cut), set);
            REQUIRE(same(sum, wanted));
        }
    }
}

TEST_CASE("columns have the ranges that scans of them find") {
    kvt::random_stream stream{27, "columns"};
    for (int round = 0; round < 1000; ++round) {
        std::size_t const columns = 1 + stream.below(40), rows = 1 + stream.below(30);
        std::vector<float> values(rows * columns);
        for (auto& v : values) v = stream.below(6) == 0 ? -0.0F : static_cast<float>(stream.unit() - 0.5);
        auto const found = column_ranges(values, columns);
        REQUIRE(found.size() == columns);
        for (std::size_t c = 0; c < columns; ++c) {
            std::vector<float> column;
            for (std::size_t r = 0; r < rows; ++r) column.push_back(values[r * columns + c]);
            REQUIRE(found[c] == scan(column).range());
            REQUIRE_FALSE(std::signbit(found[c].lo == 0 ? found[c].lo : 1.0));
        }
        REQUIRE(first_not_finite(values) == values.size());
        auto const bad = stream.below(values.size());
        for (auto i = bad; i < values.size(); i += 1 + stream.below(9))
            values[i] = stream.below(2) == 0 ? NAN : INFINITY;
        REQUIRE(first_not_finite(values) == bad);
    }
    CHECK(column_ranges({}, 3).size() == 3);
    CHECK(column_ranges({}, 0).empty());
}

TEST_CASE("what is not finite is counted and named") {
    std::vector<float> values(1000, 1.0F);
    values[3] = values[700] = NAN, values[999] = -INFINITY;
    auto const s = scan(values);
    CHECK(fault_of([&] { s.check("w"); }) == "non_finite_input");
    CHECK(holds(refusal([&] { s.check("w"); }), "w: non_finite_input: 2 NaN and 1 infinite of 1000 values"));
    CHECK(s.greatest == 1);
    CHECK(fault_of([] { scan({}).check("w"); }) == "empty_input");
    CHECK_NOTHROW(scan(std::vector<float>{3e38F, -3e38F}).check("w"));
}
