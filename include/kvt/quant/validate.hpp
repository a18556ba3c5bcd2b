// validate: a stage that judges how smoothly a quantized model's parameters follow each other.
#pragma once

#include <kvt/quant/baseline_metrics.hpp>
#include <kvt/quant/quantize.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// What the judged sequence of ranges is of.
struct statistics_source {
    std::string kind = "weights";                   ///< or "activations"
    std::vector<std::int64_t> imputed_timesteps{};  ///< those without any value
    std::vector<std::string> notes{};
};
KVT_RECORD(statistics_source, kind, imputed_timesteps, notes);

/// A quantized model, its smoothness as it is now, and what each phase before left behind.
template <quantizer Q> struct validated_model {
    quantized_model<Q> model;
    double threshold = 0.3;
    model_smoothness found{};
    std::vector<phase_result> phases{};
    statistics_source source{};
    std::vector<std::string> warnings{};
};

namespace detail {
[[nodiscard]] model_smoothness smoothness_of_layers(std::vector<layer> const& layers, std::int32_t bits,
                                                    double threshold);
[[nodiscard]] phase_result phase_of(std::string phase, std::vector<layer> const& layers, model_smoothness const& found);
}  // namespace detail

/// The headline metric over the model (markov-smoothness 2.8), the bounded one beside it.
struct validate {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "validate";
    double threshold = 0.3;  ///< in [0, 1]; a scale jump above it is a violation

    /// Throws `invalid_smoothness_threshold`.
    template <quantizer Q> [[nodiscard]] validated_model<Q> operator()(run_context&, quantized_model<Q> model) const {
        auto found = detail::smoothness_of_layers(model.layers, model.codes.bits, threshold);
        auto first = detail::phase_of("baseline", model.layers, found);
        return {std::move(model), threshold, std::move(found), {std::move(first)}, {}, {}};
    }
};

/// All there is to report.
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
    describe_smoothness(out, from.found.headline);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/validate.ipp>
#endif
