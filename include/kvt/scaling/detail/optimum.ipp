#pragma once

#include <kvt/numeric/quantile.hpp>
#include <kvt/numeric/regression.hpp>
#include <kvt/scaling/optimum.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL optimum empirical::operator()(std::span<run_point const> runs) const {
    auto const best = std::ranges::min_element(runs, {}, [](run_point const& r) { return r.final_loss; });
    return {.at = *best, .row = static_cast<std::size_t>(best - runs.begin())};
}

KVT_DECL std::optional<centred_parabola> parabola_through(std::span<run_point const> runs) {
    std::set<double> sizes;
    double mean = 0;
    for (auto const& r : runs) sizes.insert(r.model_size), mean += std::log10(r.model_size);
    if (sizes.size() < 3) return std::nullopt;
    mean /= static_cast<double>(runs.size());
    std::vector<double> columns(3 * runs.size(), 1.0), losses;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        double const u = std::log10(runs[i].model_size) - mean;
        columns[runs.size() + i] = u, columns[2 * runs.size() + i] = u * u;
        losses.push_back(runs[i].final_loss);
    }
    auto const fit = numeric::linear_regression(columns, 3, losses);
    return centred_parabola{mean, fit.beta[0], fit.beta[1], fit.beta[2]};
}

KVT_DECL optimum quadratic::operator()(std::span<run_point const> runs) const {
    auto out = empirical{}(runs);
    double const budget = out.at.compute_budget;
    auto const curve = parabola_through(runs);
    auto const [least, most] = std::ranges::minmax(runs, {}, [](run_point const& r) { return r.model_size; });
    out.method = optimum_method::empirical_fallback;
    if (curve && curve->c2 > 0) {
        double const u = curve->u_mean - curve->c1 / (2 * curve->c2);
        if (u >= std::log10(least.model_size) && u <= std::log10(most.model_size)) {
            out.method = optimum_method::quadratic;
            out.at.model_size = std::pow(10.0, u);
            out.at.final_loss = curve->c0 - curve->c1 * curve->c1 / (4 * curve->c2);
        }
    }
    out.at.num_tokens = budget / (6 * out.at.model_size);
    return out;
}

KVT_DECL std::optional<double> median_ratio(std::span<optimum const> optima) {
    std::vector<double> ratios;
    for (auto const& o : optima) ratios.push_back(o.at.num_tokens / o.at.model_size);
    return numeric::median(ratios);
}

}  // namespace kvt::inline KVT_ABI::scaling
