// Definitions of analysis/aggregate.hpp.
#pragma once

#include <kvt/analysis/aggregate.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/quantile.hpp>

#include <range/v3/range/conversion.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/transform.hpp>

#include <algorithm>
#include <unordered_map>

namespace kvt::inline KVT_ABI::analysis::detail {

/// How one number of a row is read.
using field = std::optional<double> (*)(observation const&);

/// The values of one field, rows without it left out.
[[nodiscard]] KVT_DECL std::vector<double> column(std::vector<observation> const& rows, field read) {
    namespace views = ranges::views;
    return rows | views::transform(read) | views::filter([](auto const& v) { return v.has_value(); }) |
           views::transform([](auto const& v) { return *v; }) | ranges::to<std::vector<double>>();
}
template <std::optional<double> observation::*Member>
[[nodiscard]] std::vector<double> column(std::vector<observation> const& rows) {
    return column(rows, [](observation const& row) { return row.*Member; });
}

/// The accuracy of a row, standing in for a missing one as rows of older databases need.
[[nodiscard]] KVT_DECL std::optional<double> accuracy(observation const& row) {
    return row.acc ? row.acc : row.em ? row.em : row.f1;
}

[[nodiscard]] KVT_DECL bin_summary summarise_bin(bin_range const& bin, std::vector<observation> const& rows) {
    bin_summary out{{.bin_idx = bin.bin_idx, .token_min = bin.token_min, .token_max = bin.token_max},
                    column(rows, accuracy)};
    auto& stats = out.stats;
    stats.n = static_cast<std::int64_t>(out.accuracies.size());
    stats.n_total = static_cast<std::int64_t>(rows.size());
    stats.n_failed = std::ranges::count(rows, true, &observation::failed);
    stats.acc_mean = numeric::mean(out.accuracies);
    stats.acc_std = numeric::population_std(out.accuracies);
    stats.em_mean = numeric::mean(column<&observation::em>(rows));
    auto const f1 = column<&observation::f1>(rows);
    stats.f1_mean = numeric::mean(f1);
    stats.f1_std = numeric::population_std(f1);
    if (!rows.empty()) {
        double const all = static_cast<double>(rows.size());
        stats.acc_mean_all = numeric::sum(out.accuracies) / all;
        stats.f1_mean_all = numeric::sum(f1) / all;
        stats.fail_rate = static_cast<double>(stats.n_failed) / all;
    }
    auto const latency = column<&observation::latency_s>(rows), tokens = column<&observation::total_tokens>(rows);
    stats.lat_p50 = numeric::percentile(latency, 0.50);
    stats.lat_p95 = numeric::percentile(latency, 0.95);
    stats.tok_p50 = numeric::percentile(tokens, 0.50);
    stats.tok_p95 = numeric::percentile(tokens, 0.95);
    return out;
}

KVT_DECL std::vector<bin_summary> summarise(std::span<observation const> rows, std::span<bin_range const> bins) {
    std::unordered_map<std::int64_t, std::vector<observation>> by_bin;
    for (auto const& bin : bins) by_bin[bin.bin_idx];
    for (auto const& row : rows) {
        if (!row.bin_idx) continue;
        auto const found = by_bin.find(*row.bin_idx);
        if (found == by_bin.end())
            throw error{error_kind::mismatch, "entry " + std::to_string(row.entry_idx),
                        "its bin " + std::to_string(*row.bin_idx) + " is not one of the manifest"};
        found->second.push_back(row);
    }
    std::vector<bin_summary> out;
    for (auto const& bin : bins) {
        auto& members = by_bin.at(bin.bin_idx);
        std::ranges::stable_sort(members, {}, &observation::entry_idx);
        out.push_back(summarise_bin(bin, members));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis::detail
