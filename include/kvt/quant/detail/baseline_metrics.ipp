#pragma once

#include <kvt/quant/baseline_metrics.hpp>
#include <kvt/quant/boundary_stats.hpp>
#include <kvt/quant/pattern.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::quant {

namespace detail {
/// JSON has no infinity: numbers that are not finite become texts.
KVT_DECL void name_infinities(json& value) {
    if (value.is_real() && !std::isfinite(value.real()))
        value = std::isnan(value.real()) ? "nan" : value.real() > 0 ? "inf" : "-inf";
    else if (value.is_array())
        for (auto& item : value.items()) name_infinities(item);
    else if (value.is_object())
        for (auto& [key, item] : value.members()) name_infinities(item);
}
}  // namespace detail

KVT_DECL void describe_smoothness(baseline_metrics& m, smoothness const& found) {
    m.smoothness_score = found.score;
    m.violations = found.violations;
    m.violation_count = static_cast<std::int64_t>(found.violations.size());
    m.boundary_scores = found.boundary_scores;
    auto const stats = stats_of(found.boundary_scores);
    m.min_boundary_score = stats.min, m.max_boundary_score = stats.max;
    m.mean_boundary_score = stats.mean, m.std_boundary_score = stats.deviation;
    m.common_violation_patterns =
        find_patterns(found.violations, static_cast<std::int64_t>(found.boundary_scores.size())).lines;
    m.interpretation = interpret(found.score, found.violations, found.boundary_scores, m.cosine_similarity);
}

KVT_DECL std::string next_step(baseline_metrics const& m) {
    if (m.boundary_scores.empty()) return "no boundary to judge";
    bool const done = m.interpretation.action == action::optional_phase2_phase3;
    auto const ran = [&](std::string_view phase) {
        return std::ranges::any_of(m.phases, [&](phase_result const& p) { return p.phase.starts_with(phase); });
    };
    if (!done && ran("optimize"))
        return "phase 3 has run and this is what it reached: take more bits (INT4) or other time groups";
    if (m.interpretation.action == action::phase2 && ran("smooth"))
        return "phase 2 has run: optimize the ranges (phase 3)";
    return std::string{advice(m.interpretation.action)};
}

KVT_DECL json to_valid_json(baseline_metrics const& m) {
    auto out = to_json(m);
    detail::name_infinities(out);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
