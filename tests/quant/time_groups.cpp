#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/time_groups.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;
using bounds = std::vector<std::size_t>;

TEST_CASE("balanced groups differ by one at most, none is empty, and they cover everything") {
    kvt::random_stream stream{11, "time groups"};
    for (int round = 0; round < 2000; ++round) {
        auto const groups = 1 + static_cast<std::int64_t>(stream.below(100));
        auto const count = 1 + stream.below(stream.below(2) == 0 ? 300 : std::uint64_t{1} << 60);
        auto const b = balanced_bounds(count, groups);
        REQUIRE(b.size() == std::min<std::uint64_t>(groups, count) + 1);
        REQUIRE(b.front() == 0);
        REQUIRE(b.back() == count);
        auto const small = count / (b.size() - 1);
        for (std::size_t k = 0; k + 1 < b.size(); ++k) {
            REQUIRE(b[k + 1] - b[k] >= small);
            REQUIRE(b[k + 1] - b[k] <= small + 1);
        }
        CHECK_NOTHROW(check_bounds(b));
    }
    // what blocks of ceil(N / G) would leave without elements
    CHECK(balanced_bounds(9, 6) == bounds{0, 1, 3, 4, 6, 7, 9});
}

TEST_CASE("runs cut every group") {
    bounds const whole{0, 10, 12, 20};
    CHECK(run_bounds(whole, 4) == bounds{0, 4, 8, 10, 12, 16, 20});
    CHECK(run_bounds(whole, 100) == whole);
    CHECK(run_bounds(whole, 1).size() == 21);
    CHECK(run_bounds(bounds{}, 4).empty());
}

TEST_CASE("bad groups are refused by name") {
    CHECK(fault_of([] { (void)balanced_bounds(0, 4); }) == "empty_input");
    CHECK(fault_of([] { (void)balanced_bounds(5, 0); }) == "invalid_time_groups");
    CHECK(fault_of([] { (void)balanced_bounds(5, 101); }) == "invalid_time_groups");
    CHECK(fault_of([] { (void)balanced_bounds(5, -1); }) == "invalid_time_groups");
    CHECK(fault_of([] { (void)run_bounds(bounds{0, 4}, 0); }) == "invalid_group_size");
    CHECK(fault_of([] { check_bounds(bounds{0, 4, 4}); }) == "invalid_time_range");
    CHECK(fault_of([] { check_bounds(bounds{3, 1}); }) == "invalid_time_range");
}
