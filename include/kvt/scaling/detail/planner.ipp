#pragma once

#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/log_grid.hpp>
#include <kvt/scaling/planner.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline void require_option(bool holds, std::string const& key, json const& value, char const* expected) {
    if (!holds) throw scaling_error{fault::invalid_option, key, "is " + dump(value), expected};
}
inline void require_positive(std::string const& key, double value) {
    if (!(std::isfinite(value) && value > 0))
        throw scaling_error{fault::invalid_option, key, "is " + shortest(value), "a finite number above 0"};
}

}  // namespace detail

KVT_DECL void planner::check() const {
    detail::require_positive("compute.min_flops", min_flops);
    detail::require_positive("compute.max_flops", max_flops);
    detail::require_option(num_compute_budgets >= 0 && num_compute_budgets <= 1'000'000, "compute.num_budgets",
                           num_compute_budgets, "0 to 1000000");
    detail::require_option(num_model_sizes >= 1 && num_model_sizes <= 1'000'000, "compute.num_model_sizes",
                           num_model_sizes, "1 to 1000000: a grid of sizes needs a point");
    detail::require_option(min_model_size >= 1, "model.min_size", min_model_size, "1 or more");
    detail::require_option(max_model_size >= min_model_size, "model.max_size", max_model_size,
                           "model.min_size or more");
    double const most = std::max(min_flops, max_flops) / (6 * static_cast<double>(min_model_size));
    if (!(most < 9e18))
        throw scaling_error{fault::invalid_option, "compute.max_flops",
                            "a model of " + std::to_string(min_model_size) + " parameters would need " +
                                shortest(most) + " tokens",
                            "fewer than 9e18"};
}

KVT_DECL std::vector<double> planner::budgets() const {
    auto out = log_grid(min_flops, max_flops, num_compute_budgets);
    if (grid == grid_rounding::exact && !out.empty()) {
        out.front() = min_flops;
        if (out.size() > 1) out.back() = max_flops;
    }
    return out;
}

KVT_DECL std::vector<std::int64_t> planner::sizes(double budget) const {
    double const feasible = std::trunc(budget / 6);
    auto const low = min_model_size;
    auto const high =
        feasible >= static_cast<double>(max_model_size) ? max_model_size : static_cast<std::int64_t>(feasible);
    if (high <= low) return {low};
    bool const exact = grid == grid_rounding::exact;
    std::vector<std::int64_t> out;
    for (double const x : log_grid(static_cast<double>(low), static_cast<double>(high), num_model_sizes))
        out.push_back(static_cast<std::int64_t>(exact ? std::floor(x + 0.5) : x));
    if (!exact) return out;
    out.front() = low;
    if (out.size() > 1) out.back() = high;
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

KVT_DECL std::vector<experiment> planner::operator()() const {
    check();
    std::vector<experiment> out;
    for (double const budget : budgets()) {
        for (auto const size : sizes(budget)) {
            double const n = static_cast<double>(size);
            auto const tokens = static_cast<std::int64_t>(budget / (6 * n));
            if (tokens < size / 10 || (tokens < 1 && grid == grid_rounding::exact)) continue;
            out.push_back({.experiment_id = experiment_id(out.size()),
                           .compute_budget = budget,
                           .model_size = size,
                           .num_tokens = tokens,
                           .tokens_per_param = static_cast<double>(tokens) / n});
        }
    }
    return out;
}

KVT_DECL void learning_rate_rule::check() const {
    detail::require_positive("lr_schedule.base_lr", base_lr);
    detail::require_positive("lr_schedule.base_size", base_size);
    if (!std::isfinite(lr_power))
        throw scaling_error{fault::invalid_option, "lr_schedule.lr_power", "is " + shortest(lr_power), "a number"};
}
KVT_DECL double learning_rate_rule::at(double parameters) const {
    return base_lr * std::pow(base_size / parameters, lr_power);
}
KVT_DECL void learning_rate_rule::apply(std::span<experiment> sweep) const {
    if (!enabled) return;
    check();
    for (auto& e : sweep) e.learning_rate = at(static_cast<double>(e.model_size));
}

}  // namespace kvt::inline KVT_ABI::scaling
