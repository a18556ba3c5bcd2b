// A sweep in its canonical order, so that results do not depend on the order of rows.
#pragma once

#include <kvt/analysis/detector.hpp>

#include <algorithm>
#include <vector>

namespace kvt::inline KVT_ABI::analysis::detail {

/// Budgets descending (equal ones keep their order), bins ascending.
[[nodiscard]] inline std::vector<budget_stats> ordered(curve runs) {
    std::vector<budget_stats> out(runs.begin(), runs.end());
    std::ranges::stable_sort(out, std::ranges::greater{}, &budget_stats::budget);
    for (auto& run : out) std::ranges::stable_sort(run.bins, {}, &bin_stats::bin_idx);
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis::detail
