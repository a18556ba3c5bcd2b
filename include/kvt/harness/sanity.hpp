// The sanity set: do scores behave, prompt by prompt, when the budget falls (spec Q11)?
#pragma once

#include <kvt/harness/measured.hpp>
#include <kvt/harness/sanity_case.hpp>

#include <cstddef>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// The run beside its baseline, prompt by prompt; empty for groups of more than `most` prompts. A failed request of the
/// shortest bin and a score above the baseline's are flagged.
[[nodiscard]] std::vector<sanity_case> sanity_cases(store::session& store, measured_run const& run,
                                                    measured_run const& base, std::size_t most = 40);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/sanity.ipp>
#endif
