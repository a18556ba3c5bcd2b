// One prompt of the sanity set: what it scored at the full cache and at a small budget.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace kvt::inline KVT_ABI::harness {

/// One prompt at the full cache and at one run's small budget.
struct sanity_case {
    std::int64_t entry_idx = 0, bin_idx = 0, token_len = 0;
    std::string run_id{};
    std::optional<double> baseline{}, low{};  ///< null: not scored
    std::string flag{};  ///< "rises" (metric/task mismatch or leakage, if systematic), "fails short", or empty
};
KVT_RECORD(sanity_case, entry_idx, bin_idx, token_len, run_id, baseline, low, flag);

}  // namespace kvt::inline KVT_ABI::harness
