#pragma once

#include <kvt/analysis/attribution.hpp>

#include <algorithm>
#include <cstddef>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL attribution attribute(bin_pair const& bin, attribution_limits const& limits) {
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

KVT_DECL verdict judge(std::span<bin_pair const> bins, attribution_limits const& limits) {
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
