// causal_attention: softmax attention to what came before, with shared keys and values, forward and backward.
#pragma once

#include <kvt/core/line_allocator.hpp>
#include <kvt/numeric/gemm.hpp>
#include <kvt/scaling/dropout.hpp>
#include <kvt/scaling/layer_kernels.hpp>

#include <cmath>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// Memory that attention computes in; one for each thread. It holds one head's keys and values three times over and two
/// blocks of scores: about (6 head_dim + 2 block_rows) * length numbers, whatever the number of heads.
template <class Real> struct attention_scratch {
    numeric::packed_operand<Real> keys, values, keys_across, values_across;
    line_vector<Real> scores, d_scores, delta;
};

/// Row t of a sequence attends to rows 0..t: softmax of scale * (q_t . k_u). Query head h reads the keys and values
/// of head h / (heads / kv_heads). Rows of `qkv` hold all queries, then all keys, then all values, already rotated.
///
/// Scores exist for `block_rows` queries at a time and are computed again on the way back; between the passes only their
/// logarithms of sums are kept ([heads x length]) beside `out`.
template <class Real> struct causal_attention {
    std::size_t heads, kv_heads, head_dim;
    Real scale = 1 / std::sqrt(static_cast<Real>(head_dim));
    static constexpr std::size_t block_rows = 48;

    [[nodiscard]] std::size_t qkv_width() const { return (heads + 2 * kv_heads) * head_dim; }
    [[nodiscard]] std::size_t out_width() const { return heads * head_dim; }

    /// One sequence: qkv [length x qkv_width], out [length x out_width]. Weights are dropped as `drop` says, which must be the
    /// same on the way back.
    void forward(std::span<Real const> qkv, std::span<Real> out, std::span<Real> log_sums,
                 attention_scratch<Real>& scratch, dropout const& drop = {}) const;
    /// Writes `d_qkv`, the gradient of qkv.
    void backward(std::span<Real const> qkv, std::span<Real const> out, std::span<Real const> log_sums,
                  std::span<Real const> d_out, std::span<Real> d_qkv, attention_scratch<Real>& scratch,
                  dropout const& drop = {}) const;

  private:
    /// Where a query head and its keys and values begin in a row.
    struct place {
        std::size_t query, key, value, out;
    };
    [[nodiscard]] place of(std::size_t head) const {
        std::size_t const shared = head / (heads / kv_heads);
        return {head * head_dim, (heads + shared) * head_dim, (heads + kv_heads + shared) * head_dim, head * head_dim};
    }
    void backward_block(std::size_t head, std::size_t first, std::size_t rows, Real const* qkv, Real const* d_out,
                        Real const* log_sums, Real* d_qkv, attention_scratch<Real>& scratch, dropout const& drop) const;
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/causal_attention.ipp>
#endif
