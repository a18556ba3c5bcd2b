// quantize: a stage from a model's tensors to their groups' parameters, codes measured but not kept.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/core/function_view.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/quant/layer.hpp>
#include <kvt/quant/model_source.hpp>
#include <kvt/quant/quantizer.hpp>

#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// A model and what quantization makes of each of its tensors, in the source's order. The codes are not in it: they
/// follow from the tensors and the parameters.
template <quantizer Q> struct quantized_model {
    model_source source;
    Q codes;
    grouping cut;
    std::int32_t parameter_bytes;
    std::vector<layer> layers;
    double seconds = 0;  ///< that quantization took

    [[nodiscard]] layer_rule rule() const { return {quantizer_rule::of(codes), cut, parameter_bytes}; }
};

namespace detail {
/// All tensors, `context`'s executor running over them; `ranges` gives each one's, or none for least to greatest.
[[nodiscard]] std::vector<layer> quantize_layers(run_context& context, model_source const& source,
                                                 layer_rule const& rule,
                                                 function_view<std::vector<value_range>(std::size_t)> ranges);
}  // namespace detail

/// From the least to the greatest value of every group (self-calibration, markov-smoothness 1.2). Tensors are taken by
/// as many threads as the context's `exec::any_executor` has (one without), with the same result for any number.
template <quantizer Q = asymmetric> struct quantize {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "quantize";
    Q codes{};
    grouping cut{};
    std::int32_t parameter_bytes = 4;  ///< of a scale or an offset as stored: 4 or 8

    constexpr explicit quantize(Q how = {}, grouping groups = {}, std::int32_t bytes = 4)
        : codes{how}, cut{groups}, parameter_bytes{bytes} {}

    [[nodiscard]] quantized_model<Q> operator()(run_context& context, model_source const& source) const {
        codes.check();
        quantized_model<Q> out{source, codes, cut, parameter_bytes, {}};
        double const started = context.seconds();
        auto const least_to_greatest = [](std::size_t) { return std::vector<value_range>{}; };
        out.layers = detail::quantize_layers(context, source, out.rule(), least_to_greatest);
        out.seconds = context.seconds() - started;
        return out;
    }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/quantize.ipp>
#endif
