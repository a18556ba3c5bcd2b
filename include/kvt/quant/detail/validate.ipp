#pragma once

#include <kvt/quant/quality.hpp>
#include <kvt/quant/validate.hpp>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

KVT_DECL model_cosine cosine_of_layers(std::vector<layer> const& layers) {
    std::vector<double> cosines;
    std::vector<std::int64_t> elements;
    for (auto const& l : layers) {
        if (l.status == layer_status::passthrough) continue;
        cosines.push_back(quality::of(l.errors).cosine);
        elements.push_back(l.elements);
    }
    return model_cosine::of(cosines, elements);
}

KVT_DECL error_sums errors_of_layers(std::vector<layer> const& layers) {
    error_sums out;
    for (auto const& l : layers) out += l.errors;
    return out;
}

KVT_DECL model_smoothness smoothness_of_layers(std::vector<layer> const& layers, std::int32_t bits, double threshold) {
    std::vector<layer_ranges> sequences;
    for (auto const& l : layers) sequences.push_back({l.name, l.elements, l.ranges});
    return smoothness_of(sequences, bits, threshold);
}

KVT_DECL phase_result phase_of(std::string phase, std::vector<layer> const& layers, model_smoothness const& found) {
    return {.phase = std::move(phase),
            .smoothness_score = found.headline.score,
            .smoothness_score_bounded = found.bounded.score,
            .violation_count = static_cast<std::int64_t>(found.headline.violations.size()),
            .cosine_similarity = cosine_of_layers(layers).mean,
            .sqnr_db = quality::of(errors_of_layers(layers)).sqnr_db};
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
    auto const all = quality::of(detail::errors_of_layers(layers));
    out.mse = all.mse, out.max_abs_error = all.max_abs_error, out.sqnr_db = all.sqnr_db;
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
