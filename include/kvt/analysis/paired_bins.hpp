// paired_bins: mean_drop over the bins that both budgets measured.
#pragma once

#include <kvt/analysis/detector.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// Compares each budget with the next larger one over the bins valid at both, so that a bin missing from one of them
/// cannot look like a fall. Neighbours without a common bin are not compared.
struct paired_bins {
    static constexpr std::string_view name = "paired_bins";
    double threshold = 0.15;

    [[nodiscard]] transition operator()(curve runs) const;
};
KVT_RECORD(paired_bins, threshold);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/paired_bins.ipp>
#endif
