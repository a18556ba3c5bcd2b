// Many tests at once: corrected p-values, and permutations enough for them to be small.
#pragma once

#include <kvt/harness/findings.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// How many permutations let a test that none of them reaches stay at 0.05/20 after Holm's correction over `family`
/// tests; at least `least`.
[[nodiscard]] std::int64_t permutations_for(std::size_t family, std::int64_t least);

/// Corrects the one-sided p-values of all bins of all contrasts with the baseline, and those of the contrasts
/// themselves, as one family each (Holm). A p-value at the floor of its test is marked as a bound.
void correct_for_many(std::vector<contrast>& contrasts, std::int64_t permutations_of_runs,
                      std::int64_t permutations_of_bins);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/many_tests.ipp>
#endif
