// Sentences that reports and terminals share, so that both say the same.
#pragma once

#include <kvt/harness/findings.hpp>

#include <string>

namespace kvt::inline KVT_ABI::harness {

/// What every run is compared with; a group without a full cache has only its largest budget.
[[nodiscard]] std::string baseline_words(findings const& f);

/// The same as the heading of a column.
[[nodiscard]] std::string baseline_label(findings const& f);

/// What the title of every comparison of budgets ends in where they are not proven applied (spec I6).
[[nodiscard]] std::string unproven_mark(findings const& f);

/// "95 % interval", or "interval" where the rule has no such parameter.
[[nodiscard]] std::string interval_words(findings const& f);

/// Why no transition can be read when the baseline is no better than the fall that detectors look for.
[[nodiscard]] std::string no_reading(findings const& f);

/// What a flat mean over bins hides: the bins that do not hold down to the smallest budget.
[[nodiscard]] std::string lost_bins(zone const& z);

/// The bins that hold down to the smallest budget: "holds", "holds in 4 of 5 bins".
[[nodiscard]] std::string hold_words(zone const& z);

/// Where one policy breaks, in a sentence.
[[nodiscard]] std::string zone_sentence(zone const& z, findings const& f);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/report_words.ipp>
#endif
