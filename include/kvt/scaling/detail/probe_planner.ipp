#pragma once

#include <kvt/scaling/detail/planner.ipp>
#include <kvt/scaling/probe_planner.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL void probe_planner::check() const {
    detail::require_option(num_sizes_per_budget >= 1 && num_sizes_per_budget <= 1'000'000, "num_sizes_per_budget",
                           num_sizes_per_budget, "1 to 1000000");
    detail::require_option(min_size >= 1, "min_size", min_size, "1 or more");
    detail::require_option(max_size >= 1, "max_size", max_size, "1 or more");
    detail::require_positive("flops_per_param_per_token", flops_per_param_per_token);
}

KVT_DECL std::vector<std::int64_t> probe_planner::probed_sizes() const {
    if (min_size >= max_size) return {min_size};
    std::vector<std::int64_t> out;
    auto const points = std::max<std::int64_t>(3 * num_sizes_per_budget, 20);
    for (double const x : log_grid(static_cast<double>(min_size), static_cast<double>(max_size), points))
        out.push_back(std::max<std::int64_t>(64, 64 * std::llrint(x / 64)));  // ties to even
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

KVT_DECL probed_plan probe_planner::operator()(std::span<double const> budgets, parameter_count count) const {
    check();
    for (double const c : budgets) detail::require_positive("compute budget", c);
    std::vector<std::pair<std::int64_t, std::int64_t>> models;  // parameters, size
    for (auto const size : probed_sizes())
        if (auto const n = count(size); n && *n > 0) models.emplace_back(*n, size);
    std::ranges::stable_sort(models, {}, [](auto const& m) { return m.first; });
    probed_plan out{.compute_budgets = {budgets.begin(), budgets.end()}};
    auto ascending = out.compute_budgets;
    std::ranges::sort(ascending);
    for (double const budget : ascending) {
        auto const tokens = [&](auto const& m) {
            return budget / (flops_per_param_per_token * static_cast<double>(m.first));
        };
        auto kept = models;
        std::erase_if(kept, [&](auto const& m) { return !(tokens(m) >= static_cast<double>(m.first) / 10); });
        auto const n = num_sizes_per_budget;
        auto const m = static_cast<std::int64_t>(kept.size());
        bool const thinned = m > n;
        for (std::int64_t i = 0; i < std::min(n, m); ++i) {
            auto const at = !thinned ? i : n == 1 ? m / 2 : i * (m - 1) / (n - 1);
            auto const& model = kept[static_cast<std::size_t>(at)];
            auto const d = static_cast<std::int64_t>(std::min(tokens(model), 9e18));
            out.experiments.push_back({experiment_id(out.experiments.size()), budget, model.second, model.first, d,
                                       static_cast<double>(d) / static_cast<double>(model.first)});
            out.total_flops += budget;
        }
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
