// layer: one tensor of a quantized model, with its groups' ranges and parameters and what they cost.
#pragma once

#include <kvt/quant/model_smoothness.hpp>
#include <kvt/quant/payload.hpp>
#include <kvt/quant/quantize_tensor.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// A tensor after quantization. One range (that the codes can hold) and one set of parameters a time group; none where the tensor is too small to
/// be cut and passes through.
struct layer {
    std::string name{};
    std::int64_t elements = 0;
    layer_status status = layer_status::quantized;
    std::vector<value_range> ranges{};
    std::vector<affine> parameters{};
    error_sums errors{};  ///< of the reconstruction with the parameters as stored
    payload stored{};
};
KVT_RECORD(layer, name, elements, status, ranges, parameters, errors, stored);

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
