// layer: one tensor of a quantized model, with its groups' ranges and parameters and what they cost.
#pragma once

#include <kvt/quant/model_smoothness.hpp>
#include <kvt/quant/payload.hpp>
#include <kvt/quant/quantize_tensor.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// What a phase did to one tensor's ranges; its metrics before and after (markov-smoothness 5.3, 6.5).
struct layer_phase {
    std::string phase{};
    bool changed = false, improved = false;  ///< improved: the bounded score rose
    std::string note{};                      ///< why the ranges are the ones it started with
    double headline_before = 1, headline_after = 1, bounded_before = 1, bounded_after = 1;
    std::int64_t sweeps = 0;
    std::optional<double> markov_before{},
        markov_after{};  ///< mean divergence of the groups' Gaussians; null: not asked
};
KVT_RECORD(layer_phase, phase, changed, improved, note, headline_before, headline_after, bounded_before, bounded_after,
           sweeps, markov_before, markov_after);

/// A tensor after quantization. Lists have one entry a time group; they are empty where the tensor is too small to be cut
/// and passes through.
struct layer {
    std::string name{};
    std::int64_t elements = 0;
    layer_status status = layer_status::quantized;
    std::vector<value_range> ranges{};  ///< what the codes can hold
    std::vector<affine> parameters{};   ///< as stored
    std::vector<error_sums> errors{};   ///< of the reconstruction with these
    payload stored{};
    std::vector<layer_phase> phases{};
    std::optional<double> entropy{};  ///< of its values (quant/entropy.hpp); null: not asked

    [[nodiscard]] error_sums all_errors() const {
        error_sums out;
        for (auto const& e : errors) out += e;
        return out;
    }
};
KVT_RECORD(layer, name, elements, status, ranges, parameters, errors, stored, phases, entropy);

/// How every tensor of a model is quantized.
struct layer_rule {
    quantizer_rule codes;
    grouping cut{};
    std::int32_t parameter_bytes = 4;  ///< a scale or offset as it is stored: binary32 or (8) binary64

    /// Throws `invalid_time_groups`, `invalid_group_size`, `error{usage}`.
    void check() const;
};

/// Quantizes a tensor and measures what that does to it, keeping no codes. Without `ranges`, every time group's is from
/// its least to its greatest value. `file` is named in errors. Throws `non_finite_input` with the counts.
[[nodiscard]] layer quantize_layer(tensor::view const& values, layer_rule const& rule, std::string_view file,
                                   std::span<value_range const> ranges = {});

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/layer.ipp>
#endif
