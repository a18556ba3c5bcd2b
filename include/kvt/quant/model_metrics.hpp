// model_metrics: all there is to report on a judged model.
#pragma once

#include <kvt/quant/validate.hpp>

#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

/// What the layers say by themselves: sizes, errors, cosine.
[[nodiscard]] baseline_metrics metrics_of(std::string model_name, std::int32_t bits, std::string_view scheme,
                                          grouping const& cut, std::vector<layer> const& layers);
template <quantizer Q> [[nodiscard]] baseline_metrics metrics_of(validated_model<Q> const& from) {
    auto out = metrics_of(from.model.source.name(), from.model.codes.bits, Q::name, from.model.cut, from.model.layers);
    out.quantization_time_s = from.model.seconds;
    out.smoothness_threshold = from.threshold;
    out.smoothness_score_bounded = from.found.bounded.score;
    out.phases = from.phases;
    out.skipped_tensors = from.model.source.skipped();
    out.statistics_source = from.source.kind;
    out.imputed_timesteps = from.source.imputed_timesteps;
    out.warnings = from.model.source.archive().warnings();
    out.warnings.insert(out.warnings.end(), from.source.notes.begin(), from.source.notes.end());
    out.warnings.insert(out.warnings.end(), from.warnings.begin(), from.warnings.end());
    if (from.required_cosine) {
        out.cosine_threshold = *from.required_cosine;
        out.cosine_passed = out.cosine_similarity >= out.cosine_threshold;
    }
    describe_smoothness(out, from.found.headline);
    if (out.boundary_scores.empty())
        out.warnings.emplace_back(
            "no boundary was judged: no tensor has two groups or more, all of them with a width; the "
            "score of 1 says nothing");
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/model_metrics.ipp>
#endif
