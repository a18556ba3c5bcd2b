// layer: one tensor of a quantized model, with its groups' ranges and parameters and what they cost.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/quant/code_grid.hpp>
#include <kvt/quant/error_sums.hpp>
#include <kvt/quant/model_smoothness.hpp>
#include <kvt/quant/payload.hpp>
#include <kvt/tensor/view.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// How every tensor is cut.
struct grouping {
    std::int64_t num_time_groups = 4;  ///< 1..100 of equal size; their parameters are the sequence that is judged
    std::optional<std::int64_t>
        group_size{};                  ///< codes get parameters for every so many elements; null: a time group's
    std::int32_t parameter_bytes = 4;  ///< a scale or offset as it is stored: binary32 or (8) binary64

    /// Throws `invalid_time_groups`, `invalid_group_size`, `error{usage}`.
    void check() const;
};
KVT_RECORD(grouping, num_time_groups, group_size, parameter_bytes);

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

/// What a layer's codes stand for: a grid, and the parameters that a range gets.
struct layer_codes {
    code_grid grid;
    function_view<affine(value_range)> parameters;
};

/// Quantizes a tensor and measures what that does to it; two passes over its elements, none of them kept. Without
/// `ranges`, every time group's is from its least to its greatest value. `where` names the file in errors. Throws
/// `non_finite_input` with the counts.
[[nodiscard]] layer quantize_layer(tensor::view const& values, grouping const& cut, layer_codes const& codes,
                                   std::string_view where, std::span<value_range const> ranges = {});

/// The cuts of a tensor's time groups; a tensor with fewer elements than groups has none.
[[nodiscard]] std::vector<std::size_t> time_group_bounds(std::size_t elements, grouping const& cut);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/layer.ipp>
#endif
