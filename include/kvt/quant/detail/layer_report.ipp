#pragma once

#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/layer_report.hpp>
#include <kvt/quant/quality.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL layer_report report_of(layer const& from, std::int32_t bits) {
    layer_report out{.name = from.name, .elements = from.elements, .status = from.status};
    if (from.status == layer_status::passthrough) return out;
    for (auto const& p : from.parameters) {
        out.scale.push_back(p.scale);
        out.offset.push_back(p.offset);
        out.zero_point.push_back(p.zero_point());
    }
    if (from.status == layer_status::quantized) {
        auto const found = headline_for(bits)(out.scale, out.zero_point);
        out.smoothness_score = found.score;
        out.boundary_scores = found.boundary_scores;
        out.smoothness_score_bounded = bounded{}(from.ranges).score;
    }
    auto const q = quality::of(from.errors);
    out.cosine_similarity = q.cosine, out.mse = q.mse, out.max_abs_error = q.max_abs_error, out.sqnr_db = q.sqnr_db;
    out.clipped_fraction = q.clipped_fraction;
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
