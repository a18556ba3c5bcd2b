// Definitions of quant/interpretation.hpp.
#pragma once

#include <kvt/quant/interpretation.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline trait_checks traits_of(band b, std::span<violation const> violations, std::span<double const> scores,
                              double cosine) {
    auto const of_severity = [&](severity s) { return std::ranges::count(violations, s, &violation::severity); };
    auto const above = [&](double limit) { return std::ranges::count_if(scores, [&](double s) { return s > limit; }); };
    auto const high = of_severity(severity::high), medium = of_severity(severity::medium);
    auto const count = std::ranges::ssize(violations), boundaries = std::ranges::ssize(scores);
    switch (b) {
        case band::poor: {
            auto const low = std::ranges::count_if(scores, [](double s) { return s < 0.5; });
            return {count >= 4, high >= 1, low >= 2, cosine < 0.70};
        }
        case band::excellent: return {count <= 1, high + medium == 0, above(0.70) == boundaries, cosine > 0.75};
        default:
            return {count <= 3, count == 0 || 2 * high < count, boundaries == 0 || 2 * above(0.60) > boundaries,
                    cosine >= 0.70};
    }
}

}  // namespace detail

KVT_DECL std::string_view advice(action a) {
    switch (a) {
        case action::raise_bits_or_groups_or_phase3:
            return "more bits (INT4) or more time groups, or optimize the ranges straight away (phase 3)";
        case action::phase2: return "smooth the ranges (phase 2)";
        default: return "good as it is; smoothing (phase 2) and optimization (phase 3) are optional";
    }
}

KVT_DECL interpretation interpret(double score, std::span<violation const> violations,
                                  std::span<double const> boundary_scores, double cosine) {
    auto const b = band_of(score);
    return {.band = b,
            .action = action_for(b),
            .colour = colour_of(score),
            .count_band = label_of(violations.size()),
            .phase2_target_met = score >= 0.82,
            .phase3_target_met = score >= 0.90,
            .checks = detail::traits_of(b, violations, boundary_scores, cosine)};
}

}  // namespace kvt::inline KVT_ABI::quant
