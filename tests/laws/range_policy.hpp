// Laws of quant::range_policy, applied to every model.
#pragma once

#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/range_policy.hpp>
#include <kvt/quant/smoothness.hpp>

namespace laws {

/// What every result must be, whatever the policy: a usable range a group, and metrics that are those of the ranges.
inline void check_refined(kvt::quant::refined const& r, kvt::quant::grouped_values const& tensor,
                          std::span<kvt::quant::value_range const> start) {
    using namespace kvt::quant;
    REQUIRE(r.ranges.size() == start.size());
    REQUIRE(r.headline_before == headline{}(start, tensor.bits).score);
    REQUIRE(r.bounded_before == bounded{}(start).score);
    REQUIRE(r.headline_after == headline{}(r.ranges, tensor.bits).score);
    REQUIRE(r.bounded_after == bounded{}(r.ranges).score);
    REQUIRE(r.improved == (r.bounded_after > r.bounded_before));
    bool changed = false;
    for (std::size_t g = 0; g < start.size(); ++g) {
        REQUIRE(r.ranges[g].hi >= r.ranges[g].lo);
        changed = changed || r.ranges[g].lo != start[g].lo || r.ranges[g].hi != start[g].hi;
    }
    REQUIRE(r.changed == changed);
}

/// What a policy says of errors it says of parameters as they are stored; exactly judged, or checked, that is.
inline void check_stored_errors(kvt::quant::refined const& r, kvt::quant::grouped_values const& tensor,
                                std::span<kvt::quant::value_range const> start) {
    if (r.mse_after.empty()) return;
    REQUIRE(r.mse_before.size() == start.size());
    REQUIRE(r.mse_after.size() == start.size());
    for (std::size_t g = 0; g < start.size(); ++g) {
        double const before = tensors::stored_mse(tensor, g, start[g]);
        double const after = tensors::stored_mse(tensor, g, r.ranges[g]);
        REQUIRE(r.mse_before[g] == doctest::Approx(before).epsilon(1e-9));
        REQUIRE(r.mse_after[g] == doctest::Approx(after).epsilon(1e-9));
    }
}

template <kvt::quant::range_policy P> void check_range_policy(P const& policy, int rounds = 1000) {
    using namespace kvt::quant;
    CHECK_FALSE(P::name.empty());
    policy.check();
    kvt::random_stream stream{40, "range policy law"};
    int changed = 0;
    for (int round = 0; round < rounds; ++round) {
        INFO(P::name, " round ", round);
        auto const data = round % 4 == 3 ? tensors::off_centre_tensor(stream) : tensors::some_tensor(stream);
        auto const tensor = data.view();
        auto const start = min_max(tensor);
        auto const found = policy(tensor, start);
        check_refined(found, tensor, start);
        check_stored_errors(found, tensor, start);
        changed += found.changed ? 1 : 0;
        REQUIRE(kvt::dump(kvt::to_json(policy(tensor, start))) == kvt::dump(kvt::to_json(found)));
    }
    INFO(P::name, " changed ", changed);
    CHECK((P::name == "min_max") == (changed == 0));

    // One group, groups of one value, and what is refused.
    auto const refused = [&](grouped_values const& t, std::span<value_range const> start) {
        return tensors::refusal([&] { (void)policy(t, start); });
    };
    tensors::tensor const flat{{2, 2, 2, 5}, {0, 3, 4}, 4};
    auto const flat_start = min_max(flat.view());
    check_refined(policy(flat.view(), flat_start), flat.view(), flat_start);
    tensors::tensor const single{{1, 2, 3.5F, -4}, {0, 4}, 2};
    auto const single_start = min_max(single.view());
    check_refined(policy(single.view(), single_start), single.view(), single_start);
    CHECK(refused(single.view(), flat_start) == fault::length_mismatch);
    CHECK(refused(single.view(), std::vector<value_range>{{1, 0}}) == fault::invalid_scale);
    CHECK(refused(tensors::tensor{{1, 2}, {0, 2}, 3}.view(), single_start) == fault::invalid_bit_width);
    CHECK(refused(tensors::tensor{{1, 2}, {0, 0, 2}, 4}.view(), flat_start) == fault::empty_input);
    CHECK(refused(tensors::tensor{{1, 2}, {}, 4}.view(), {}) == fault::empty_input);
    CHECK(refused(tensors::tensor{{1, 2}, {0, 1}, 4}.view(), single_start) == fault::length_mismatch);
}

}  // namespace laws
