// The sanity set: do scores behave, prompt by prompt, when the budget falls (spec Q11)?
#pragma once

#include <kvt/core/record.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::store {
class session;
}

namespace kvt::inline KVT_ABI::harness {

struct measured_run;  // harness/measured.hpp

/// One prompt at the full cache and at one run's small budget.
struct sanity_case {
    std::int64_t entry_idx = 0, bin_idx = 0, token_len = 0;
    std::string run_id{};
    std::optional<double> baseline{}, low{};  ///< null: not scored
    std::string flag{};  ///< "rises" (metric/task mismatch or leakage, if systematic), "fails short", or empty
};
KVT_RECORD(sanity_case, entry_idx, bin_idx, token_len, run_id, baseline, low, flag);

/// The run beside its baseline, prompt by prompt; empty for groups of more than `most` prompts. A failed request of the
/// shortest bin and a score above the baseline's are flagged.
[[nodiscard]] std::vector<sanity_case> sanity_cases(store::session& store, measured_run const& run,
                                                    measured_run const& base, std::size_t most = 40);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/sanity.ipp>
#endif
