// paired_bins: mean_drop over the bins that both budgets measured.
#pragma once

#include <kvt/analysis/detail/levels.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// Compares each budget with the next larger one over the bins valid at both, so that a bin missing from one of them
/// cannot look like a fall. Neighbours without a common bin are not compared.
struct paired_bins {
    static constexpr std::string_view name = "paired_bins";
    double threshold = 0.15;

    [[nodiscard]] transition operator()(curve runs) const {
        auto const all = detail::levels(runs, &bin_stats::acc_mean);
        for (std::size_t i = 1; i < all.size(); ++i) {
            auto const [pre, post] = detail::shared(all[i - 1], all[i]);
            if (pre.bins.empty()) continue;
            if (auto found = detail::fall(pre, post, threshold, name)) return *found;
        }
        return {.method = std::string{name}};
    }
};
KVT_RECORD(paired_bins, threshold);

}  // namespace kvt::inline KVT_ABI::analysis
