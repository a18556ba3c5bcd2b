// mean_drop: the first step down in budget at which the overall mean falls (spec O1, the headline detector).
#pragma once

#include <kvt/analysis/detector.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// Compares each budget with the next larger one by the unweighted mean of its bins' `acc_mean`; fires at the first
/// fall of at least `threshold`. A slow slide whose every step is smaller is never found: see `baseline_drop`. Budgets
/// with missing bins are averaged over the bins they have: see `paired_bins`.
struct mean_drop {
    static constexpr std::string_view name = "overall_mean_drop";
    double threshold = 0.15;

    [[nodiscard]] transition operator()(curve runs) const;
};
KVT_RECORD(mean_drop, threshold);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/mean_drop.ipp>
#endif
