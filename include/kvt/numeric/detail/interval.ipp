#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/normal.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::numeric {

KVT_DECL std::optional<double> mean_of_means(strata groups) {
    double total = 0;
    for (auto const group : groups) {
        if (group.empty()) return std::nullopt;
        total += *mean(group);
    }
    return groups.empty() ? std::nullopt : std::optional{total / static_cast<double>(groups.size())};
}

KVT_DECL std::optional<interval> normal_interval::mean_of_means(strata groups, std::string_view) const {
    auto const centre = numeric::mean_of_means(groups);
    if (!centre) return std::nullopt;
    double variance = 0;
    for (auto const group : groups) {
        double const spread = sample_std(group).value_or(0);
        variance += spread * spread / static_cast<double>(group.size());
    }
    double const half = normal_quantile(1 - alpha / 2) * std::sqrt(variance) / static_cast<double>(groups.size());
    return interval{*centre - half, *centre + half};
}

KVT_DECL std::vector<double> differences(std::span<double const> a, std::span<double const> b) {
    if (a.size() != b.size()) throw error{error_kind::usage, "paired difference", "the two sides differ in length"};
    std::vector<double> d(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) d[i] = a[i] - b[i];
    return d;
}

}  // namespace kvt::inline KVT_ABI::numeric
