#pragma once

#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/entropy.hpp>
#include <kvt/quant/layer_report.hpp>
#include <kvt/quant/quality.hpp>

#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL layer_report report_of(layer const& from, std::int32_t bits) {
    layer_report out{.name = from.name, .elements = from.elements, .status = from.status};
    out.phases = from.phases;
    out.weight_entropy = from.entropy;
    if (from.entropy) out.suggested_bit_width = suggested_bits(*from.entropy);
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
    auto const q = quality::of(from.all_errors());
    out.cosine_similarity = q.cosine, out.mse = q.mse, out.max_abs_error = q.max_abs_error, out.sqnr_db = q.sqnr_db;
    out.clipped_fraction = q.clipped_fraction;
    for (auto const& sums : from.errors) {
        auto const group = quality::of(sums);
        out.group_mse.push_back(group.mse);
        out.group_sqnr_db.push_back(group.sqnr_db.value_or(group.mse == 0 ? std::numeric_limits<double>::infinity()
                                                                          : -std::numeric_limits<double>::infinity()));
        out.group_clipped.push_back(group.clipped_fraction);
    }
    for (std::size_t i = 0; i + 1 < out.group_mse.size(); ++i)
        out.noise_log_ratio.push_back(std::log(out.group_mse[i + 1]) - std::log(out.group_mse[i]));
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
