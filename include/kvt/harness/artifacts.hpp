// The artifacts that stages pass on: thin handles on rows in the store, never copies of data.
#pragma once

#include <string>
#include <vector>

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::harness {

/// A manifest: datasets, examples, bins and manifest_entries rows.
struct prepared {
    std::string group;
    std::string dataset_id;
};

/// Every run of the sweep has one outcome for every entry.
struct executed {
    std::string group;
    std::string dataset_id;
    std::vector<std::string> runs;  ///< run ids in the order of the sweep
};

/// Every request has one score row.
struct scored : executed {};

/// Every (run, bin) has a bin_stats row; transitions and comparisons are stored.
struct analyzed : scored {};

/// The written report.
struct reported {
    std::string group;
    std::vector<std::string> files;
};

}  // namespace kvt::inline KVT_ABI::harness
