// baseline_drop: the first budget whose overall mean lies well below the largest budget's.
#pragma once

#include <kvt/analysis/detector.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// Compares every budget with the largest one that was measured, so that a slide in small steps is found too.
struct baseline_drop {
    static constexpr std::string_view name = "baseline_drop";
    double threshold = 0.15;

    [[nodiscard]] transition operator()(curve runs) const;
};
KVT_RECORD(baseline_drop, threshold);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/baseline_drop.ipp>
#endif
