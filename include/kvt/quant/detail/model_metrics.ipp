#pragma once

#include <kvt/numeric/rank_correlation.hpp>
#include <kvt/quant/detail/validate.ipp>
#include <kvt/quant/model_metrics.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// Rank correlation, over all boundaries of all tensors, of how far the scale moves with how far the measured noise does.
KVT_DECL std::optional<double> jumps_with_noise(std::vector<layer_report> const& layers) {
    std::vector<double> jumps, noise;
    for (auto const& l : layers) {
        if (!l.smoothness_score) continue;
        for (std::size_t i = 0; i < l.noise_log_ratio.size(); ++i) {
            if (!std::isfinite(l.noise_log_ratio[i])) continue;
            jumps.push_back(std::abs(std::log(l.scale[i + 1] / l.scale[i])));
            noise.push_back(std::abs(l.noise_log_ratio[i]));
        }
    }
    return numeric::spearman(jumps, noise);
}

}  // namespace detail

KVT_DECL baseline_metrics metrics_of(std::string model_name, std::int32_t bits, std::string_view scheme,
                                     grouping const& cut, std::vector<layer> const& layers) {
    baseline_metrics out;
    out.model_name = std::move(model_name);
    out.bit_width = bits;
    out.scheme = scheme;
    out.num_time_groups = cut.time_groups;
    out.group_size = cut.group_size;
    payload stored;
    for (auto const& l : layers) {
        out.layers.push_back(report_of(l, bits));
        stored += l.stored;
    }
    auto const cosine = detail::cosine_of_layers(layers);
    out.cosine_similarity = cosine.mean;
    out.cosine_similarity_weighted = cosine.element_weighted;
    out.cosine_threshold = acceptance_threshold(bits);
    out.cosine_passed = out.cosine_similarity >= out.cosine_threshold;
    out.compression_ratio = stored.compression_ratio();
    out.ideal_ratio = ideal_ratio(bits);
    out.model_size_mb = stored.megabytes();
    out.original_bytes = 4 * stored.elements;
    out.payload_bytes = stored.total_bytes();
    out.jump_noise_correlation = detail::jumps_with_noise(out.layers);
    auto const all = quality::of(detail::errors_of_layers(layers));
    out.mse = all.mse, out.max_abs_error = all.max_abs_error, out.sqnr_db = all.sqnr_db;
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
