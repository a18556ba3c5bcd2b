// The experiment group: which database, which folder, and the snapshot of the configuration that made it.
#pragma once

#include <kvt/core/record.hpp>

#include <string>

namespace kvt::inline KVT_ABI::harness {

/// A service of the run context: `run_context ctx{store::sqlite{path}, harness::experiment{.group = "demo"}};`
/// Stages that find none use these defaults.
struct experiment {
    std::string group = "dev_default";
    std::string run_dir{};       ///< artifacts of the group; empty: `runs/<group>` below the working directory
    std::string config_yaml{};   ///< resolved, redacted
    std::string config_hash{};   ///< spec A4
    std::string git_hash{};
    std::string notes{};
    std::string fixed_time{};    ///< stands for the report's generated-at line in tests; empty: now

    [[nodiscard]] std::string folder() const { return run_dir.empty() ? "runs/" + group : run_dir; }
};
KVT_RECORD(experiment, group, run_dir, config_yaml, config_hash, git_hash, notes, fixed_time);

}  // namespace kvt::inline KVT_ABI::harness
