// What every rule for the best size of a budget does.
#pragma once

#include <kvt/scaling/optimum.hpp>

#include <doctest/doctest.h>

#include <algorithm>

namespace laws {

/// The order of runs does not matter, what is found lies among the sizes, and `row` is a run with the least loss.
template <kvt::scaling::optimum_rule R>
void check_optimum_rule(R const& rule, std::vector<kvt::scaling::run_point> runs) {
    using kvt::scaling::run_point;
    std::span<run_point const> const view{runs};
    auto const found = rule(view);
    auto const least = std::ranges::min(runs, {}, &run_point::final_loss).final_loss;
    CHECK(runs.at(found.row).final_loss == least);
    auto const [low, high] = std::ranges::minmax(runs, {}, &run_point::model_size);
    CHECK(found.at.model_size >= low.model_size * (1 - 1e-12));
    CHECK(found.at.model_size <= high.model_size * (1 + 1e-12));
    CHECK(found.at.compute_budget == runs.at(found.row).compute_budget);
    std::ranges::reverse(runs);
    auto const reversed = rule(view);
    CHECK(reversed.at.model_size == doctest::Approx(found.at.model_size).epsilon(1e-9));
    CHECK(reversed.method == found.method);
}

}  // namespace laws
