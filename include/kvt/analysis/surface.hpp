// Accuracy as a logistic surface over budget and length, and the line where it has halved (spec O3.4).
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/record.hpp>
#include <kvt/numeric/logistic.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// A score (0..1) at a budget and a prompt length.
struct surface_point {
    double budget = 1;
    std::int64_t token_len = 0;
    double y = 0;
};
KVT_RECORD(surface_point, budget, token_len, y);

/// At this budget, fitted accuracy is half of the reference at `tokens`; null where it does not fall with length.
struct half_length {
    double budget = 1;
    std::optional<double> tokens{};
};
KVT_RECORD(half_length, budget, tokens);

/// logit(accuracy) = β0 + β1 u + β2 v + β3 uv with u = log2(1/budget), v = log2(length/1024).
struct accuracy_surface {
    std::vector<double> beta{};
    double p_reference = 0;                   ///< fitted accuracy at the largest budget and the shortest length
    std::vector<half_length> half_lengths{};  ///< the transition line, one point a budget, descending
    bool converged = false;
};
KVT_RECORD(accuracy_surface, beta, p_reference, half_lengths, converged);

/// Fits the surface; null for no points. Throws `error{usage}` where a budget lies outside (0, 1] or a length below 1.
[[nodiscard]] inline std::optional<accuracy_surface> fit_surface(std::span<surface_point const> points,
                                                                 double ridge = 1e-3) {
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
