// model_smoothness: one smoothness of a model from the parameter sequences of its layers.
#pragma once

#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/smoothness.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Whether a layer counts: `passthrough` is not quantized (or has too few groups), `degenerate` has a group of one value.
enum class layer_status : std::uint8_t { quantized, passthrough, degenerate };
KVT_CHOICE(layer_status, "quantized", "passthrough", "degenerate");

/// A layer's parameters along its groups; `ranges` are empty for a layer that passes through.
struct layer_ranges {
    std::string name{};
    std::int64_t elements = 0;
    std::vector<value_range> ranges{};
};
KVT_RECORD(layer_ranges, name, elements, ranges);

/// The same as scales and zero points in code units.
struct layer_parameters {
    std::string name{};
    std::int64_t elements = 0;
    std::vector<double> scale{}, zero_point{};
};
KVT_RECORD(layer_parameters, name, elements, scale, zero_point);

struct model_smoothness {
    quant::smoothness headline{};
    bounded_result bounded{};               ///< score 1 and no boundaries where only scales and zero points are known
    std::vector<layer_status> status{};     ///< one a layer, in their order
    std::int64_t layers = 0, elements = 0;  ///< those that count
};
KVT_RECORD(model_smoothness, headline, bounded, status, layers, elements);

/// Means of the layers' jumps, weighted by elements, then the rules of one sequence (markov-smoothness 2.8). A layer
/// counts that has as many groups as the layer with most of them, none of which is degenerate. Where none counts the
/// scores are 1, without boundaries. Throws what the metrics throw, with the layer's name in front, and `empty_input` for
/// a layer with groups and without elements. The order of layers changes the scores by rounding only.
[[nodiscard]] model_smoothness smoothness_of(std::span<layer_ranges const> layers, std::int32_t bits,
                                             double threshold = 0.3);
[[nodiscard]] model_smoothness smoothness_of(std::span<layer_parameters const> layers, headline const& metric);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/model_smoothness.ipp>
#endif
