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
        cosines.push_back(quality::of(l.all_errors()).cosine);
        elements.push_back(l.elements);
    }
    return model_cosine::of(cosines, elements);
}

KVT_DECL error_sums errors_of_layers(std::vector<layer> const& layers) {
    error_sums out;
    for (auto const& l : layers) out += l.all_errors();
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

}  // namespace kvt::inline KVT_ABI::quant
