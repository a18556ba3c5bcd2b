// validate: a stage that judges how smoothly a quantized model's parameters follow each other.
#pragma once

#include <kvt/quant/baseline_metrics.hpp>
#include <kvt/quant/quantize.hpp>

#include <optional>
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
    std::optional<double> required_cosine{};  ///< where something else than the width's own threshold was asked for
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
        return {std::move(model), threshold, std::move(found), {std::move(first)}, {}, {}, {}};
    }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/validate.ipp>
#endif
