// The kernels: matrix products, attention, norms; the same bits on every instruction set and for any blocking.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/model/packed_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Chosen at run time. All compute the same bits: every output element has one fixed order of fused multiply-adds
/// (over inputs, over slots, over 16 fixed partial sums in the norm), and vectors only ever run across outputs.
using kvt::best_instruction_set;
using kvt::instruction_set;
using kvt::usable_instruction_sets;

/// Lanes of one attention task: (query head of one group, row) pairs computed side by side.
inline constexpr std::int32_t attention_lanes = 32;

/// Attention of up to 32 lanes over the slots of one KV head.
///
/// For lane l: score_j = sum over d of fma(key_j[d], query[d]), d ascending; p_j = exp(score_j - max); the denominator
/// and out[c] = sum over j of fma(p_j, value_j[c]) run over slots in ascending order. Because a slot with p_j = 0 leaves
/// both sums as they are, removing a slot from the storage gives the same bits as masking it out, and so does never
/// having stored it.
struct attention_task {
    float const* queries;  ///< [head_dim][stride], rotated and scaled; lanes beyond `lanes` are 0
    std::int32_t lanes;    ///< 1..32
    std::int32_t stride;   ///< 16 or 32, >= lanes
    std::int32_t head_dim;
    float const* keys;            ///< [columns][head_dim]
    float const* values;          ///< [columns][head_dim]
    std::int32_t columns;         ///< slots the lane with the widest view sees
    std::int32_t const* visible;  ///< [lanes]: lane l sees slots 0..visible[l]-1
    float* probs;                 ///< [columns][stride]: scratch; afterwards exp(score - max), not normalised
    float* sums;                  ///< [stride]: afterwards the denominators
    float* out;                   ///< [stride][out_stride]: afterwards the attention outputs
    std::int32_t out_stride;      ///< >= head_dim
};

/// The kernels of one instruction set. Strides are in floats.
struct kernel_table {
    /// y[rows x outputs] = x[rows x inputs] W^T; y has room for `padded_outputs` per row.
    void (*multiply)(packed_matrix const& w, float const* x, std::size_t x_stride, std::int32_t rows, float* y,
                     std::size_t y_stride);
    /// y = gain * x / sqrt(mean(x^2) + eps), row by row (Zhang, Sennrich 2019).
    void (*rms_norm)(float const* x, std::size_t x_stride, std::int32_t rows, std::span<float const> gain, float eps,
                     float* y, std::size_t y_stride);
    void (*attend)(attention_task const& task);
    /// probs[j][l] /= sums[l].
    void (*normalise)(attention_task const& task);
    /// Rotates the pairs (x[i], x[i + half]) by the angles whose cosines and sines are given (RoPE, half-rotation).
    void (*rotate)(float* x, float const* cosines, float const* sines, std::int32_t half);
    /// gate = gate * sigmoid(gate) * up; `count` is a multiple of 16.
    void (*swiglu)(float* gate, float const* up, std::size_t count);
    /// out = e^x, the exponential all kernels use: 0 below -87, held at 88 above; `count` is a multiple of 16.
    void (*exponential)(float const* x, float* out, std::size_t count);
};

/// Throws `error{usage}` where this processor or this build lacks the instruction set.
[[nodiscard]] kernel_table const& kernels_of(instruction_set set);

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/kernels.ipp>
#endif
