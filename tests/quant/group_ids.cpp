#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/group_ids.hpp>
#include <kvt/quant/quantizer.hpp>
#include <kvt/quant/value_scan.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace kvt::quant;
using list = std::vector<std::int64_t>;

TEST_CASE("values whose groups are named one by one are coded as those put group by group") {
    kvt::random_stream stream{51, "group ids"};
    for (int round = 0; round < 1500; ++round) {
        CAPTURE(round);
        std::size_t const groups = 1 + stream.below(6);
        asymmetric const q{2 << stream.below(3)};
        std::vector<float> values(stream.below(round % 100 == 0 ? 6000 : 90));
        list ids(values.size());
        std::int64_t id = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (stream.below(4) == 0) id = static_cast<std::int64_t>(stream.below(groups));  // runs of any length
            ids[i] = id;
            values[i] = static_cast<float>((1.0 + static_cast<double>(id)) * (stream.unit() - 0.4));
        }
        auto const sorted = by_group(values, ids, groups);
        REQUIRE(sorted.bounds.size() == groups + 1);
        REQUIRE(sorted.bounds.back() == values.size());
        std::vector<affine> parameters;
        std::vector<std::size_t> next(groups);
        for (std::size_t g = 0; g < groups; ++g) {
            next[g] = sorted.bounds[g];
            auto const n = sorted.bounds[g + 1] - sorted.bounds[g];
            REQUIRE(n == static_cast<std::size_t>(std::ranges::count(ids, static_cast<std::int64_t>(g))));
            if (n == 0) parameters.push_back({1, 0});
            else parameters.push_back(q.parameters(scan(std::span{sorted.values}.subspan(next[g], n)).range()));
        }
        auto const codes = encode(values, ids, parameters, q.grid());
        auto const one_by_one = unpack(codes, values.size(), q.bits);
        std::vector<float> back(values.size());
        decode(codes, ids, parameters, q.grid(), back);
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto const g = static_cast<std::size_t>(ids[i]);
            REQUIRE(sorted.values[next[g]++] == values[i]);  // in each group as they came
            auto const code = q.grid().encode(parameters[g], values[i]);
            REQUIRE(one_by_one[i] == code);
            REQUIRE(back[i] == static_cast<float>(parameters[g].decode(code)));
        }
    }
}

TEST_CASE("ids of bounds, and of timesteps in intervals") {
    kvt::random_stream stream{52, "timesteps"};
    for (int round = 0; round < 1000; ++round) {
        auto const bounds = balanced_bounds(1 + stream.below(60), 1 + static_cast<std::int64_t>(stream.below(12)));
        auto const ids = ids_of(bounds);
        REQUIRE(ids.size() == bounds.back());
        list timesteps(stream.below(50));
        for (auto& t : timesteps) t = static_cast<std::int64_t>(stream.below(bounds.back()));
        auto const found = ids_of_timesteps(timesteps, bounds);
        for (std::size_t i = 0; i < timesteps.size(); ++i)
            REQUIRE(found[i] == ids[static_cast<std::size_t>(timesteps[i])]);
        for (std::size_t e = 0; e < ids.size(); ++e) {
            auto const g = static_cast<std::size_t>(ids[e]);
            REQUIRE((bounds[g] <= e && e < bounds[g + 1]));
        }
        // what lies in order already stays as it is
        std::vector<float> values(ids.size());
        for (auto& v : values) v = static_cast<float>(stream.unit());
        auto const sorted = by_group(values, ids, bounds.size() - 1);
        REQUIRE(sorted.values == values);
        REQUIRE(sorted.bounds == bounds);
        REQUIRE(min_max(sorted.view(4)).size() == bounds.size() - 1);
    }
    CHECK(ids_of({}).empty());
}

TEST_CASE("ids that do not fit are refused, naming the value") {
    std::vector<float> const values{1, 2, 3};
    std::vector<affine> const two{{1, 0}, {1, 0}};
    auto const grid = code_grid::unsigned_codes(2);
    std::vector<float> out(3);
    std::vector<std::uint8_t> const codes(1);
    auto const refused = [&](list const& ids) { return fault_of([&] { (void)encode(values, ids, two, grid); }); };
    CHECK(refused({0, 1, 1}) == "");
    CHECK(refused({0, 1}) == "length_mismatch");
    CHECK(refused({0, 1, 2}) == "group_id_out_of_range");
    CHECK(refused({0, -1, 1}) == "group_id_out_of_range");
    CHECK(refused({INT64_MIN, 0, 0}) == "group_id_out_of_range");
    CHECK(holds(refusal([&] { check_group_ids(list{0, 7, 9}, 3, 2); }), "value 1"));
    CHECK(fault_of([&] { decode(codes, list{0, 2, 0}, two, grid, out); }) == "group_id_out_of_range");
    CHECK(fault_of([&] { decode(codes, list{0, 1}, two, grid, out); }) == "length_mismatch");
    CHECK(fault_of([&] { decode({}, list{0, 1, 0}, two, grid, out); }) == "length_mismatch");
    CHECK(fault_of([&] { (void)by_group(values, list{0, 0, 3}, 3); }) == "group_id_out_of_range");
    CHECK(fault_of([&] { (void)min_max(by_group(values, list{0, 0, 2}, 3).view(2)); }) == "empty_input");
    std::vector<std::size_t> const bounds{0, 2, 5}, late{1, 3}, turned{0, 3, 3};
    CHECK(ids_of_timesteps(list{4, 0, 1, 2}, bounds) == list{1, 0, 0, 1});
    CHECK(fault_of([&] { (void)ids_of_timesteps(list{5}, bounds); }) == "group_id_out_of_range");
    CHECK(fault_of([&] { (void)ids_of_timesteps(list{-1}, bounds); }) == "group_id_out_of_range");
    CHECK(fault_of([&] { (void)ids_of(late); }) == "length_mismatch");
    CHECK(fault_of([&] { (void)ids_of(turned); }) == "invalid_time_range");
}
