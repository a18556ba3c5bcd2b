// Everything a report shows, read from the store at once; nothing here is computed.
#pragma once

#include <kvt/harness/findings.hpp>
#include <kvt/harness/group.hpp>

#include <map>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// The bin statistics of one run, ascending.
struct run_bins {
    run_row run;
    std::vector<bin_stats_row> bins;
};

struct report_input {
    experiment_row experiment;
    dataset_row dataset;
    std::vector<bin_row> bins;
    std::vector<run_bins> runs;  ///< the full cache first, then policy by policy, budgets descending
    std::vector<transition_row> transitions;
    findings found;
    std::map<std::string, json> detectors;  ///< further detectors' results by `<method>|<policy>`
    std::string pacing;                     ///< as the group's configuration has it
    std::string generated_at;
};

/// Throws `error{missing}` where the group was not analyzed.
[[nodiscard]] report_input read_report_input(store::session& store, std::string const& group);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/report_input.ipp>
#endif
