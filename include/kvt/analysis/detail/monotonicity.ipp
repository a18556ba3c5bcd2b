#pragma once

#include <kvt/analysis/detail/ordered.hpp>
#include <kvt/analysis/monotonicity.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/isotonic.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL isotonic_check check_monotone(std::span<double const> budgets, std::span<double const> accuracies,
                                       std::span<double const> weights) {
    if (budgets.size() != accuracies.size() || budgets.size() != weights.size())
        throw error{error_kind::usage, "monotonicity", "budgets, accuracies and weights differ in number"};
    std::vector<std::size_t> order(budgets.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return budgets[i]; });
    std::vector<double> y, w;
    for (auto const i : order) y.push_back(accuracies[i]), w.push_back(weights[i]);
    auto const fit = numeric::isotonic_fit(y, w);
    isotonic_check out{{budgets.begin(), budgets.end()}, {accuracies.begin(), accuracies.end()}};
    out.fitted.resize(budgets.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        out.fitted[order[i]] = fit[i];
        out.max_violation = std::max(out.max_violation, std::abs(y[i] - fit[i]));
    }
    return out;
}

KVT_DECL isotonic_check monotonicity::operator()(curve runs) const {
    std::vector<double> budgets, accuracies, weights;
    for (auto const& run : detail::ordered(runs)) {
        double scored = 0, total = 0;
        for (auto const& bin : run.bins)
            if (bin.acc_mean) {
                scored += static_cast<double>(bin.n);
                total += static_cast<double>(bin.n) * *bin.acc_mean;
            }
        if (scored == 0) continue;
        budgets.push_back(run.budget), accuracies.push_back(total / scored), weights.push_back(scored);
    }
    return check_monotone(budgets, accuracies, weights);
}

}  // namespace kvt::inline KVT_ABI::analysis
