#pragma once

#include <kvt/harness/falls.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace kvt::inline KVT_ABI::harness {

namespace detail {
/// One run's part in `paired_falls`: by entry, what it adds to the mean of those that count.
inline std::map<std::int64_t, double> influences(measured_run const& run, std::int64_t bin, averaged which) {
    std::map<std::int64_t, std::optional<double>> values;
    double total = 0, n = 0;
    for (auto const& r : run.rows) {
        if (r.bin_idx != bin) continue;
        auto const& value = values[r.entry_idx] = which == averaged::all ? std::optional{r.acc.value_or(0)} : r.acc;
        if (value) total += *value, ++n;
    }
    std::map<std::int64_t, double> out;
    if (n == 0) return out;
    double const mean = total / n, weight = static_cast<double>(values.size()) / n;
    for (auto const& [entry, value] : values) out[entry] = value ? mean + weight * (*value - mean) : mean;
    return out;
}
}  // namespace detail

KVT_DECL std::vector<double> paired_falls(measured_run const& pre, measured_run const& post, std::int64_t bin,
                                          averaged which) {
    auto const before = detail::influences(pre, bin, which), after = detail::influences(post, bin, which);
    std::vector<double> out;
    for (auto const& [entry, value] : before)
        if (auto const at = after.find(entry); at != after.end()) out.push_back(value - at->second);
    return out;
}

KVT_DECL std::vector<bin_hold> holds(std::span<measured_run const* const> curve, double threshold) {
    std::vector<bin_hold> out;
    if (curve.empty()) return out;
    for (auto const& base : curve.front()->bins) {
        auto& hold = out.emplace_back(bin_hold{base.bin_idx, base.token_min, base.token_max, {}, base.acc_mean_all});
        if (!base.acc_mean_all || *base.acc_mean_all < threshold) continue;
        for (auto const* run : curve) {
            auto const bin = std::find_if(run->bins.begin(), run->bins.end(),
                                          [&](auto const& b) { return b.bin_idx == base.bin_idx; });
            if (bin == run->bins.end() || !bin->acc_mean_all || *base.acc_mean_all - *bin->acc_mean_all >= threshold)
                break;
            hold.holds_at = run->budget();
        }
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
