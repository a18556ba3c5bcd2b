// pattern: what the violated boundaries have in common, with the cause that suggests and what to do about it.
#pragma once

#include <kvt/quant/smoothness.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Patterns of violations (markov-smoothness 3). `early` and `late`: all among the first or the last two boundaries;
/// `uniform`: at least three quarters; `high_severity`: up to three, one of them high; `scattered`: none of these.
enum class pattern : std::uint8_t { none, early, late, uniform, high_severity, scattered };
KVT_CHOICE(pattern, "none", "early", "late", "uniform", "high_severity", "scattered");

/// What makes such a pattern, and what helps; empty where there is nothing to say.
[[nodiscard]] std::string_view cause_of(pattern p);
[[nodiscard]] std::string_view remedy_of(pattern p);

struct severity_counts {
    std::int64_t low = 0, medium = 0, high = 0;
};
KVT_RECORD(severity_counts, low, medium, high);

struct pattern_summary {
    std::vector<pattern> patterns{};  ///< in the order of the enumeration, never empty
    quant::severity_counts counts{};
    std::vector<std::int64_t> boundaries{};          ///< those violated
    double max_scale_jump = 0, mean_scale_jump = 0;  ///< over violations; 0 where there are none
    std::vector<std::string> lines{};                ///< all of the above as a report's list of strings
};
KVT_RECORD(pattern_summary, patterns, counts, boundaries, max_scale_jump, mean_scale_jump, lines);

/// `violations` in the order of their boundaries, out of `boundaries` boundaries.
[[nodiscard]] pattern_summary find_patterns(std::span<violation const> violations, std::int64_t boundaries);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/pattern.ipp>
#endif
