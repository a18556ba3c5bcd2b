// The plots of a report (spec P), described as data from bin statistics and findings alone.
#pragma once

#include <kvt/harness/report_input.hpp>
#include <kvt/report/chart.hpp>
#include <kvt/report/heat_map.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// One picture: the stem of its file below the run folder, and what to draw.
struct planned_plot {
    std::string stem, caption;
    std::string fold;  ///< what a report opens to show it; empty: shown at once
    std::variant<kvt::report::chart, kvt::report::heat_map> picture;
};

/// accuracy_by_budget: a line a policy. For each policy acc_by_bin, fail_by_bin, latency_p50_by_bin, std_by_bin (a line a
/// budget) and transition_map, folded under its name; the files of the first policy have these names, those of the others
/// end in `_<policy>`. Pictures without data are left out.
[[nodiscard]] std::vector<planned_plot> plan_plots(report_input const& in);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/plots.ipp>
#endif
