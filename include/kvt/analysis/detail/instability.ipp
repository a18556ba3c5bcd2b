#pragma once

#include <kvt/analysis/detail/ordered.hpp>
#include <kvt/analysis/instability.hpp>
#include <kvt/numeric/moments.hpp>

#include <algorithm>
#include <cstddef>

namespace kvt::inline KVT_ABI::analysis {

namespace detail {
KVT_DECL optional_values z_scores(optional_values const& values) {
    std::vector<double> present;
    for (auto const& v : values)
        if (v) present.push_back(*v);
    optional_values out(values.size());
    if (present.size() < 2 || numeric::constant(present)) return out;
    double const centre = *numeric::mean(present), spread = *numeric::population_std(present);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i]) out[i] = (*values[i] - centre) / spread;
    return out;
}

KVT_DECL std::optional<std::pair<std::int64_t, std::int64_t>> longest_run(std::span<std::int64_t const> positions) {
    std::optional<std::pair<std::int64_t, std::int64_t>> best;
    for (std::size_t i = 0; i < positions.size();) {
        std::size_t j = i;
        while (j + 1 < positions.size() && positions[j + 1] == positions[j] + 1) ++j;
        if (!best || positions[j] - positions[i] > best->second - best->first) best.emplace(positions[i], positions[j]);
        i = j + 1;
    }
    return best;
}
}  // namespace detail

KVT_DECL instability_zone instability::examine(instability_bins const& bins, double budget) const {
    constexpr double tolerance = 1e-9;
    std::size_t const n = bins.acc.size();
    instability_zone out{.budget = budget,
                         .z_std = detail::z_scores(bins.std),
                         .z_fail = detail::z_scores(bins.fail),
                         .retention = optional_values(n),
                         .dispersion_ratio = optional_values(n)};
    for (std::size_t i = 0; i < n; ++i) {
        auto const& acc = bins.acc[i];
        if (acc && bins.acc_base[i] && *bins.acc_base[i] != 0) out.retention[i] = *acc / *bins.acc_base[i];
        if (acc && *acc > 0 && *acc < 1 && bins.std[i])
            out.dispersion_ratio[i] = *bins.std[i] * *bins.std[i] / (*acc * (1 - *acc));
        if (!out.first_collapse_bin && out.retention[i] && *out.retention[i] < collapse_retention)
            out.first_collapse_bin = static_cast<std::int64_t>(i);
    }
    auto const stands_out = [&](std::optional<double> const& z) { return z && *z >= z_threshold - tolerance; };
    std::size_t const end = out.first_collapse_bin ? static_cast<std::size_t>(*out.first_collapse_bin) : n;
    for (std::size_t i = 0; i < end; ++i)
        if (stands_out(out.z_std[i]) || stands_out(out.z_fail[i]))
            out.unstable_bins.push_back(static_cast<std::int64_t>(i));
    if (auto const zone = detail::longest_run(out.unstable_bins))
        out.zone_first = zone->first, out.zone_last = zone->second;
    out.precedes_collapse = out.first_collapse_bin && !out.unstable_bins.empty();
    return out;
}

KVT_DECL instability_report instability::operator()(curve runs) const {
    auto const order = detail::ordered(runs);
    instability_report out;
    for (std::size_t i = 1; i < order.size(); ++i) {
        instability_bins bins;
        for (auto const& bin : order[i].bins) {
            auto const base = std::ranges::find(order[0].bins, bin.bin_idx, &bin_stats::bin_idx);
            bins.acc_base.push_back(base == order[0].bins.end() ? std::nullopt : base->acc_mean);
            bins.acc.push_back(bin.acc_mean), bins.std.push_back(bin.acc_std), bins.fail.push_back(bin.fail_rate);
        }
        out.budgets.push_back(examine(bins, order[i].budget));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
