// What a report needs before it can be written (spec Q, "Prerequisites").
#pragma once

#include <kvt/harness/completeness.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What is there of an experiment group.
struct report_inputs {
    bool database = false;
    std::int64_t bin_stats = 0;                       ///< rows of the group
    std::optional<std::vector<std::string>> plots{};  ///< file names in the plots folder; null: no such folder
    std::int64_t scored = 0;                          ///< scored requests; without any, no plots are required
    bool latency = true;                              ///< some request has a latency, so its plot is required
};
KVT_RECORD(report_inputs, database, bin_stats, plots, scored, latency);

struct report_prerequisites {
    bool valid = false;
    std::vector<std::string> missing{};  ///< DB_MISSING, NO_BIN_STATS, PLOTS_DIR_MISSING, PLOT_MISSING:<file>
};
KVT_RECORD(report_prerequisites, valid, missing);

[[nodiscard]] report_prerequisites check_report_inputs(report_inputs const& inputs, completeness need);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/prerequisites.ipp>
#endif
