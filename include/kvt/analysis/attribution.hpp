// Is a fall due to worse answers, or to answers that stopped arriving? (spec O2)
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// One bin at the baseline and at the low budget. `f1_all` counts unanswered requests as 0; `fail` is the share of
/// requests without a scored response, 1 - n/n_total.
struct bin_pair {
    double f1_all_base = 0, f1_all_low = 0, fail_base = 0, fail_low = 0;
};
KVT_RECORD(bin_pair, f1_all_base, f1_all_low, fail_base, fail_low);

enum class fall_kind : std::uint8_t { none, degradation, mixed, failure_driven };
KVT_CHOICE(fall_kind, "NONE", "DEGRADATION", "MIXED", "FAILURE_DRIVEN");

/// How much of a fall failures could explain.
struct attribution {
    double delta = 0;                     ///< F_low - F_base
    double f1_low_corrected = 0;          ///< as if every unanswered request had scored 1, at most 1
    double delta_corrected = 0;           ///< F_corrected - F_base
    std::optional<double> share;          ///< of the fall that failures could explain; null where nothing fell
    double delta_min = 0, delta_max = 0;  ///< whatever the unanswered requests at either budget would have scored
    fall_kind kind = fall_kind::none;
};
KVT_RECORD(attribution, delta, f1_low_corrected, delta_corrected, share, delta_min, delta_max, kind);

/// Thresholds of the two judgements; comparisons allow 1e-9 for rounding.
struct attribution_limits {
    double claim = 0.10;        ///< a bin has fallen from here on
    double degradation = 0.05;  ///< at most this share due to failures: worse answers
    double failures = 0.5;      ///< from this share on: failures
};
KVT_RECORD(attribution_limits, claim, degradation, failures);

[[nodiscard]] attribution attribute(bin_pair const& bin, attribution_limits const& limits = {});

/// Whether the bins together support "compression makes answers worse".
struct verdict {
    std::vector<std::int64_t> claimed_bins;  ///< positions of bins that fell by the claim
    bool degradation_ok = false;             ///< at least half of the bins fell
    bool directionality_ok = false;          ///< at least three quarters did not rise
    bool attribution_ok = false;             ///< failures explain none of the claimed falls
    bool pass = false;
};
KVT_RECORD(verdict, claimed_bins, degradation_ok, directionality_ok, attribution_ok, pass);

/// Judges the bins of one budget against the baseline; no bins support nothing.
[[nodiscard]] verdict judge(std::span<bin_pair const> bins, attribution_limits const& limits = {});

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/attribution.ipp>
#endif
