#pragma once

#include <kvt/quant/baseline_charts.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The tensors that take most from the model's score (elements times what a score lacks), at most five, in file order.
KVT_DECL std::vector<layer_report const*> drawn_layers(baseline_metrics const& m) {
    std::vector<layer_report const*> out;
    for (auto const& l : m.layers)
        if (l.smoothness_score && l.scale.size() > 1) out.push_back(&l);
    auto const taken = [](layer_report const* l) {
        return static_cast<double>(l->elements) * (1 - *l->smoothness_score);
    };
    std::stable_sort(out.begin(), out.end(), [&](auto a, auto b) { return taken(a) > taken(b); });
    if (out.size() > 5) out.resize(5);
    std::sort(out.begin(), out.end());  // they lie in one list
    return out;
}

KVT_DECL kvt::report::chart_axis index_axis(std::string label, std::size_t count) {
    kvt::report::chart_axis out{.label = std::move(label), .digits = 0};
    if (count <= 20)
        for (std::size_t i = 0; i < count; ++i) out.ticks.push_back({static_cast<double>(i), std::to_string(i)});
    return out;
}

KVT_DECL kvt::report::chart_series series_of(std::string label, std::vector<double> const& values) {
    kvt::report::chart_series out{.label = std::move(label), .points = {}};
    for (std::size_t i = 0; i < values.size(); ++i) out.points.push_back({static_cast<double>(i), values[i]});
    return out;
}

}  // namespace detail

KVT_DECL std::vector<std::pair<std::string, kvt::report::chart>> baseline_charts(baseline_metrics const& m) {
    auto const drawn = detail::drawn_layers(m);
    if (drawn.empty() || m.boundary_scores.empty()) return {};
    kvt::report::chart scales{.title = "Scale along the time groups",
                              .x = detail::index_axis("time group", drawn.front()->scale.size()),
                              .y = {.label = "scale (data units per code step)"}};
    kvt::report::chart scores{.title = "Boundary scores along the time groups",
                              .x = detail::index_axis("boundary", m.boundary_scores.size()),
                              .y = {.label = "boundary score", .low = 0, .high = 1}};
    scores.series.push_back(detail::series_of("model", m.boundary_scores));
    for (auto const* l : drawn) {
        scales.series.push_back(detail::series_of(l->name, l->scale));
        if (drawn.size() > 1) {
            scores.series.push_back(detail::series_of(l->name, l->boundary_scores));
            scores.series.back().mark = kvt::report::series_mark::dashed;
        }
    }
    return {{"scale_by_group", std::move(scales)}, {"score_by_boundary", std::move(scores)}};
}

}  // namespace kvt::inline KVT_ABI::quant
