// baseline_drop: the first budget whose overall mean lies well below the largest budget's.
#pragma once

#include <kvt/analysis/detail/levels.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// Compares every budget with the largest one that was measured, so that a slide in small steps is found too.
struct baseline_drop {
    static constexpr std::string_view name = "baseline_drop";
    double threshold = 0.15;

    [[nodiscard]] transition operator()(curve runs) const {
        auto const all = detail::levels(runs, &bin_stats::acc_mean);
        for (std::size_t i = 1; i < all.size(); ++i)
            if (auto found = detail::fall(all[0], all[i], threshold, name)) return *found;
        return {.method = std::string{name}};
    }
};
KVT_RECORD(baseline_drop, threshold);

}  // namespace kvt::inline KVT_ABI::analysis
