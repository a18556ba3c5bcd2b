#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/quant/baseline_page.hpp>
#include <kvt/quant/pattern.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// A share as a percentage; infinity is said in words.
KVT_DECL std::string share(double value, int digits) {
    return std::isinf(value) ? "infinite" : fixed(100 * value, digits) + "%";
}
KVT_DECL std::string decibels(std::optional<double> value) { return value ? fixed(*value, 2) + " dB" : "N/A"; }

KVT_DECL kvt::report::severity tone_of(score_colour colour) {
    return colour == score_colour::green   ? kvt::report::severity::good
           : colour == score_colour::amber ? kvt::report::severity::caution
                                           : kvt::report::severity::danger;
}

KVT_DECL kvt::report::highlights dashboard_of(baseline_metrics const& m) {
    auto const boundaries = m.boundary_scores.size();
    auto const rate =
        100.0 * static_cast<double>(m.violation_count) / static_cast<double>(std::max(boundaries, std::size_t{1}));
    return {{
        {"smoothness score", fixed(m.smoothness_score, 4), "bounded metric " + fixed(m.smoothness_score_bounded, 4)},
        {"violations", std::to_string(m.violation_count), "scale jumps above " + share(m.smoothness_threshold, 0)},
        {"boundaries", std::to_string(boundaries), {}},
        {"violation rate", fixed(rate, 1) + "%", {}},
        {"worst boundary score", fixed(m.min_boundary_score, 4), {}},
        {"best boundary score", fixed(m.max_boundary_score, 4), {}},
        {"mean boundary score", fixed(m.mean_boundary_score, 4), {}},
        {"deviation of boundary scores", fixed(m.std_boundary_score, 4), "population"},
        {"cosine similarity", fixed(m.cosine_similarity, 4), "wanted at this width: " + fixed(m.cosine_threshold, 2),
         m.cosine_passed ? kvt::report::severity::good : kvt::report::severity::danger},
        {"compression ratio", fixed(m.compression_ratio, 2) + "x", "codes alone: " + fixed(m.ideal_ratio, 0) + "x"},
        {"model size", fixed(m.model_size_mb, 1) + " MB", {}},
        {"time", fixed(m.quantization_time_s, 1) + " s", {}},
    }};
}

KVT_DECL kvt::report::table violation_table(std::vector<violation> const& violations) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Boundaries whose scale jumps by more than the threshold",
                           .columns = {{"boundary", cell_align::right},
                                       {"scale jump", cell_align::right},
                                       {"zero-point jump", cell_align::right},
                                       {"severity"}}};
    for (auto const& v : violations)
        out.add({std::to_string(v.boundary_idx), share(v.scale_jump, 2), share(v.zero_point_jump, 2),
                 std::string{name_of(v.severity)}});
    return out;
}

KVT_DECL kvt::report::table phase_table(std::vector<phase_result> const& phases) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Before and after each phase",
                           .columns = {{"phase"},
                                       {"smoothness", cell_align::right},
                                       {"bounded", cell_align::right},
                                       {"violations", cell_align::right},
                                       {"cosine", cell_align::right},
                                       {"SQNR", cell_align::right},
                                       {"tensors changed", cell_align::right}}};
    for (auto const& p : phases)
        out.add({p.phase, fixed(p.smoothness_score, 4), fixed(p.smoothness_score_bounded, 4),
                 std::to_string(p.violation_count), fixed(p.cosine_similarity, 4), decibels(p.sqnr_db),
                 std::to_string(p.layers_changed)});
    return out;
}

KVT_DECL kvt::report::table layer_table(std::vector<layer_report> const& layers) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Tensors",
                           .columns = {{"tensor", cell_align::left, kvt::report::cell_face::code},
                                       {"elements", cell_align::right},
                                       {"status"},
                                       {"smoothness", cell_align::right},
                                       {"bounded", cell_align::right},
                                       {"cosine", cell_align::right},
                                       {"SQNR", cell_align::right},
                                       {"largest error", cell_align::right},
                                       {"clipped", cell_align::right}}};
    for (auto const& l : layers) {
        bool const passed = l.status == layer_status::passthrough;
        out.add({l.name, std::to_string(l.elements), std::string{name_of(l.status)}, fixed(l.smoothness_score, 4),
                 fixed(l.smoothness_score_bounded, 4), fixed(l.cosine_similarity, 4), passed ? "" : decibels(l.sqnr_db),
                 passed ? "" : shortest(l.max_abs_error), passed ? "" : share(l.clipped_fraction, 2)});
    }
    return out;
}

/// Each pattern with the cause it suggests and what helps.
KVT_DECL kvt::report::bullets causes_of(baseline_metrics const& m) {
    kvt::report::bullets out;
    auto const found = find_patterns(m.violations, static_cast<std::int64_t>(m.boundary_scores.size()));
    for (auto const p : found.patterns)
        if (!cause_of(p).empty())
            out.items.emplace_back(kvt::report::strong(std::string{name_of(p)}) + ": " + std::string{cause_of(p)} +
                                   "; " + std::string{remedy_of(p)});
    return out;
}

KVT_DECL void add_extensions(kvt::report::document& d, baseline_metrics const& m,
                             std::vector<kvt::report::figure> figures) {
    d.add(kvt::report::heading{"What it means"});
    auto const& found = m.interpretation;
    d.add(kvt::report::paragraph{"Band " + kvt::report::strong(std::string{name_of(found.band)}) + ": " + next_step(m) +
                                 "."});
    d.add(causes_of(m));
    d.add(kvt::report::facts{{{"Violations", std::string{name_of(found.count_band)}},
                              {"Smoothness 0.82 (phase 2's target)", found.phase2_target_met ? "met" : "not met"},
                              {"Smoothness 0.90 (phase 3's target)", found.phase3_target_met ? "met" : "not met"}}});
    d.add(kvt::report::paragraph{
        "A smooth sequence of parameters is no accuracy by itself: a model whose groups all share one range scores 1. "
        "Read the score beside cosine and SQNR, and compare with a range search that does not smooth."});
    if (m.jump_noise_correlation)
        d.add(kvt::report::paragraph{
            "Over all boundaries of all tensors, the rank correlation of scale jumps with steps of "
            "the measured noise is " +
            kvt::report::strong(fixed(*m.jump_noise_correlation, 2)) + "."});
    if (m.phases.size() > 1) d.add(phase_table(m.phases));
    for (auto& f : figures) d.add(std::move(f));
    if (!m.layers.empty()) d.add(kvt::report::heading{"Tensors"}).add(layer_table(m.layers));
    if (!m.skipped_tensors.empty())
        d.add(kvt::report::table_of(m.skipped_tensors, {{"name", "tensor", kvt::report::cell_format::code}, {"reason"}},
                                    "Tensors that take no part"));
    for (auto const& w : m.warnings) d.add(kvt::report::note{kvt::report::severity::caution, "Note", w});
}

}  // namespace detail

KVT_DECL kvt::report::document baseline_page(baseline_metrics const& m, std::vector<kvt::report::figure> figures,
                                             std::string folder) {
    kvt::report::document d{.title = "Quantization baseline: " + m.model_name,
                            .subtitle = m.model_name + ", INT" + std::to_string(m.bit_width) + ", " +
                                        std::to_string(m.num_time_groups) + " time groups",
                            .folder = std::move(folder)};
    d.add(kvt::report::verdict{"Smoothness score", fixed(m.smoothness_score, 4),
                               m.boundary_scores.empty() ? "no boundary to judge"
                                                         : std::string{name_of(m.interpretation.band)},
                               detail::tone_of(m.interpretation.colour)});
    d.add(detail::dashboard_of(m));
    d.add(kvt::report::heading{"Patterns"});
    kvt::report::bullets patterns;
    for (auto const& p : m.common_violation_patterns) patterns.items.emplace_back(p);
    d.add(std::move(patterns));
    if (!m.violations.empty()) d.add(kvt::report::heading{"Violations"}).add(detail::violation_table(m.violations));
    detail::add_extensions(d, m, std::move(figures));
    return d;
}

}  // namespace kvt::inline KVT_ABI::quant
