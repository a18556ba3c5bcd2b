// Laws of analysis::detector and transition_detector, applied to every model.
#pragma once

#include <doctest/doctest.h>
#include <kvt/analysis/detector.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace laws {

using sweep = std::vector<kvt::analysis::budget_stats>;

/// A sweep of 2 to 5 different budgets over 1 to 5 bins, some of them unmeasured.
inline sweep some_sweep(kvt::random_stream& stream) {
    sweep runs;
    auto const budgets = 2 + stream.below(4), bins = 1 + stream.below(5);
    for (std::uint64_t i = 0; i < budgets; ++i) {
        auto& run = runs.emplace_back();
        run.run_id = "r" + std::to_string(i);
        run.budget = 1 / std::exp2(static_cast<double>(i));
        for (std::uint64_t b = 0; b < bins; ++b) {
            auto& bin = run.bins.emplace_back();
            bin.bin_idx = static_cast<std::int64_t>(b);
            bin.n_total = 8;
            bin.fail_rate = stream.unit() / 2;
            bin.acc_mean_all = stream.unit();
            if (stream.below(6) == 0) continue;
            bin.n = 8;
            bin.acc_mean = stream.unit();
            bin.acc_std = stream.unit() / 2;
        }
    }
    return runs;
}

template <class T> void shuffle(std::vector<T>& values, kvt::random_stream& stream) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[stream.below(i)]);
}

template <kvt::analysis::detector D> void check_detector(D const& rule) {
    CHECK_FALSE(D::name.empty());
    (void)rule(sweep{});                   // nothing measured is an answer, not an error
    (void)rule(sweep{{"r", 1.0, {}}});
    kvt::random_stream stream{20, "detector law"};
    for (int round = 0; round < 200; ++round) {
        auto const runs = some_sweep(stream);
        auto mixed = runs;
        shuffle(mixed, stream);
        for (auto& run : mixed) shuffle(run.bins, stream);
        INFO(D::name, " round ", round);
        REQUIRE(kvt::to_json(rule(runs)) == kvt::to_json(rule(mixed)));
    }
}

/// A transition holds together: its budgets and accuracies are of the sweep, and the fall is what it says.
inline void check_transition(kvt::analysis::transition const& found, sweep const& runs, std::string_view name) {
    REQUIRE(found.method == name);
    bool const all = found.pre_budget && found.acc_pre && found.acc_post && found.drop;
    bool const none =
        !found.pre_budget && !found.acc_pre && !found.acc_post && !found.drop && !found.transition_bin_idx;
    REQUIRE((found.found() ? all : none));
    if (!found.found()) return;
    auto const has = [&](double budget) {
        return std::ranges::count(runs, budget, &kvt::analysis::budget_stats::budget) > 0;
    };
    REQUIRE(has(*found.transition_budget));
    REQUIRE(has(*found.pre_budget));
    REQUIRE(*found.transition_budget < *found.pre_budget);
    REQUIRE(*found.drop == *found.acc_pre - *found.acc_post);
}

template <kvt::analysis::transition_detector D> void check_transition_detector(D const& rule) {
    check_detector(rule);
    kvt::random_stream stream{21, "detector law"};
    for (int round = 0; round < 200; ++round) {
        INFO(D::name, " round ", round);
        auto runs = some_sweep(stream);
        check_transition(rule(runs), runs, D::name);
        // What is equal at every budget has no transition.
        for (auto& run : runs)
            for (auto& bin : run.bins) bin.acc_mean = bin.acc_mean_all = 0.5;
        REQUIRE_FALSE(rule(runs).found());
    }
}

}  // namespace laws
