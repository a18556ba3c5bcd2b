#pragma once

#include <kvt/analysis/surface.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/logistic.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL std::optional<accuracy_surface> fit_surface(std::span<surface_point const> points, double ridge) {
    if (points.empty()) return std::nullopt;
    std::vector<double> rows, y, budgets;
    double shortest = 0;
    for (auto const& p : points) {
        if (!(p.budget > 0 && p.budget <= 1) || p.token_len < 1)
            throw error{error_kind::usage, "accuracy surface", "a point's budget or length is out of range"};
        double const u = std::log2(1 / p.budget), v = std::log2(static_cast<double>(p.token_len) / 1024);
        rows.insert(rows.end(), {1, u, v, u * v});
        y.push_back(p.y), budgets.push_back(p.budget);
        shortest = budgets.size() == 1 ? v : std::min(shortest, v);
    }
    std::ranges::sort(budgets, std::ranges::greater{});
    budgets.erase(std::ranges::unique(budgets).begin(), budgets.end());

    auto const fit = numeric::ridge_logistic(rows, 4, y, ridge);
    auto const& b = fit.beta;
    accuracy_surface out{.beta = b, .converged = fit.converged};
    double const u0 = std::log2(1 / budgets.front());
    out.p_reference = numeric::logistic(b[0] + b[1] * u0 + (b[2] + b[3] * u0) * shortest);
    for (double const budget : budgets) {
        double const u = std::log2(1 / budget), slope = b[2] + b[3] * u;
        half_length half{budget};
        if (slope < -1e-9)
            half.tokens = 1024 * std::exp2((numeric::logit(out.p_reference / 2) - b[0] - b[1] * u) / slope);
        out.half_lengths.push_back(half);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
