// Is a fall due to worse answers, or to answers that stopped arriving? (spec O2)
#pragma once

#include <kvt/core/record.hpp>

#include <algorithm>
#include <cstddef>
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

[[nodiscard]] inline attribution attribute(bin_pair const& bin, attribution_limits const& limits = {}) {
    constexpr double tolerance = 1e-9;
    attribution out;
    out.delta = bin.f1_all_low - bin.f1_all_base;
    out.f1_low_corrected = std::min(1.0, bin.f1_all_low + bin.fail_low);
    out.delta_corrected = out.f1_low_corrected - bin.f1_all_base;
    out.delta_min = std::clamp(out.delta - bin.fail_base, -1.0, 1.0);
    out.delta_max = std::clamp(bin.f1_all_low + bin.fail_low - bin.f1_all_base, -1.0, 1.0);
    if (out.delta < 0) out.share = std::clamp((out.delta - out.delta_corrected) / out.delta, 0.0, 1.0) + 0.0;  // not -0
    if (!out.share || out.delta > -limits.claim + tolerance) out.kind = fall_kind::none;
    else if (*out.share <= limits.degradation + tolerance) out.kind = fall_kind::degradation;
    else if (*out.share >= limits.failures - tolerance) out.kind = fall_kind::failure_driven;
    else out.kind = fall_kind::mixed;
    return out;
}

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
[[nodiscard]] inline verdict judge(std::span<bin_pair const> bins, attribution_limits const& limits = {}) {
    constexpr double tolerance = 1e-9;
    verdict out;
    if (bins.empty()) return out;
    std::size_t not_risen = 0;
    out.attribution_ok = true;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        auto const fall = attribute(bins[i], limits);
        not_risen += fall.delta <= tolerance;
        if (fall.kind == fall_kind::none) continue;
        out.claimed_bins.push_back(static_cast<std::int64_t>(i));
        out.attribution_ok = out.attribution_ok && fall.kind == fall_kind::degradation;
    }
    out.degradation_ok = 2 * out.claimed_bins.size() >= bins.size();
    out.directionality_ok = 4 * not_risen >= 3 * bins.size();
    out.pass = out.degradation_ok && out.directionality_ok && out.attribution_ok;
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
