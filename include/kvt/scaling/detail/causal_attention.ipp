#pragma once

#include <kvt/scaling/causal_attention.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

template <class Real> std::span<Real> room(line_vector<Real>& v, std::size_t count) {
    if (v.size() < count) v.resize(count);
    return {v.data(), count};
}

}  // namespace detail

namespace detail {

/// Of `rows` queries from `first` on, to the keys up to the last of them.
template <class Real>
void drop_weights(dropout const& drop, Real* weights, std::size_t first, std::size_t rows, std::size_t length) {
    for (std::size_t r = 0; r < rows; ++r)
        drop.apply(std::span{weights + r * (first + rows), first + r + 1}, (first + r) * length);
}

}  // namespace detail

template <class Real>
void causal_attention<Real>::forward(std::span<Real const> qkv, std::span<Real> out, std::span<Real> log_sums,
                                     attention_scratch<Real>& scratch, dropout const& drop) const {
    using numeric::gemm, numeric::layout, numeric::product;
    auto const& kernels = layer_kernels_of<Real>();
    std::size_t const stride = qkv_width(), length = qkv.size() / stride;
    auto const scores = detail::room(scratch.scores, block_rows * length);
    for (std::size_t head = 0; head < heads; ++head) {
        place const at = of(head);
        if (head % (heads / kv_heads) == 0) {
            scratch.keys_across.pack({qkv.data() + at.key, stride, layout::by_column}, head_dim, length);
            scratch.values.pack({qkv.data() + at.value, stride}, length, head_dim);
        }
        for (std::size_t first = 0; first < length; first += block_rows) {
            std::size_t const rows = std::min(block_rows, length - first), seen = first + rows;
            gemm(product<Real>{.rows = rows,
                               .columns = seen,
                               .inner = head_dim,
                               .alpha = scale,
                               .a = {qkv.data() + first * stride + at.query, stride},
                               .b = {},
                               .c = scores.data(),
                               .c_stride = seen},
                 scratch.keys_across);
            kernels.softmax({rows, first, seen, scores.data(), seen}, log_sums.data() + head * length + first);
            if (drop.active()) detail::drop_weights(drop.at(head), scores.data(), first, rows, length);
            gemm(product<Real>{.rows = rows,
                               .columns = head_dim,
                               .inner = seen,
                               .a = {scores.data(), seen},
                               .b = {},
                               .c = out.data() + first * out_width() + at.out,
                               .c_stride = out_width()},
                 scratch.values);
        }
    }
}

template <class Real>
void causal_attention<Real>::backward_block(std::size_t head, std::size_t first, std::size_t rows, Real const* qkv,
                                            Real const* d_out, Real const* log_sums, Real* d_qkv,
                                            attention_scratch<Real>& scratch, dropout const& drop) const {
    using numeric::gemm, numeric::layout, numeric::product;
    place const at = of(head);
    std::size_t const stride = qkv_width(), seen = first + rows;
    Real* const scores = scratch.scores.data();
    Real* const d_scores = scratch.d_scores.data();
    numeric::operand<Real> const queries{qkv + first * stride + at.query, stride};
    numeric::operand<Real> const d_rows{d_out + first * out_width() + at.out, out_width()};
    gemm(product<Real>{.rows = rows,
                       .columns = seen,
                       .inner = head_dim,
                       .alpha = scale,
                       .a = queries,
                       .b = {},
                       .c = scores,
                       .c_stride = seen},
         scratch.keys_across);
    gemm(
        product<Real>{
            .rows = rows, .columns = seen, .inner = head_dim, .a = d_rows, .b = {}, .c = d_scores, .c_stride = seen},
        scratch.values_across);
    std::size_t const length = scratch.keys_across.columns();
    if (drop.active()) detail::drop_weights(drop.at(head), d_scores, first, rows, length);
    layer_kernels_of<Real>().softmax_backward({rows, first, seen, scores, seen}, log_sums + first,
                                              scratch.delta.data() + first, d_scores);
    gemm(product<Real>{.rows = rows,
                       .columns = head_dim,
                       .inner = seen,
                       .alpha = scale,
                       .a = {d_scores, seen},
                       .b = {},
                       .c = d_qkv + first * stride + at.query,
                       .c_stride = stride},
         scratch.keys);
    gemm(product<Real>{.rows = seen,
                       .columns = head_dim,
                       .inner = rows,
                       .alpha = scale,
                       .a = {d_scores, seen, layout::by_column},
                       .b = queries,
                       .beta = 1,
                       .c = d_qkv + at.key,
                       .c_stride = stride});
    if (drop.active()) detail::drop_weights(drop.at(head), scores, first, rows, length);
    gemm(product<Real>{.rows = seen,
                       .columns = head_dim,
                       .inner = rows,
                       .a = {scores, seen, layout::by_column},
                       .b = d_rows,
                       .beta = 1,
                       .c = d_qkv + at.value,
                       .c_stride = stride});
}

template <class Real>
void causal_attention<Real>::backward(std::span<Real const> qkv, std::span<Real const> out,
                                      std::span<Real const> log_sums, std::span<Real const> d_out,
                                      std::span<Real> d_qkv, attention_scratch<Real>& scratch,
                                      dropout const& drop) const {
    using numeric::layout;
    auto const& kernels = layer_kernels_of<Real>();
    std::size_t const stride = qkv_width(), length = qkv.size() / stride;
    (void)detail::room(scratch.scores, block_rows * length);
    (void)detail::room(scratch.d_scores, block_rows * length);
    auto const delta = detail::room(scratch.delta, length);
    for (std::size_t t = 0; t < length; ++t)
        std::fill_n(d_qkv.data() + t * stride + out_width(), stride - out_width(), Real{0});
    for (std::size_t head = 0; head < heads; ++head) {
        place const at = of(head);
        if (head % (heads / kv_heads) == 0) {
            scratch.keys_across.pack({qkv.data() + at.key, stride, layout::by_column}, head_dim, length);
            scratch.values_across.pack({qkv.data() + at.value, stride, layout::by_column}, head_dim, length);
            scratch.keys.pack({qkv.data() + at.key, stride}, length, head_dim);
        }
        for (std::size_t t = 0; t < length; ++t)
            delta[t] =
                kernels.dot(out.data() + t * out_width() + at.out, d_out.data() + t * out_width() + at.out, head_dim);
        for (std::size_t first = 0; first < length; first += block_rows)
            backward_block(head, first, std::min(block_rows, length - first), qkv.data(), d_out.data(),
                           log_sums.data() + head * length, d_qkv.data(), scratch, drop);
    }
}

#if defined(KVT_SEPARATE_COMPILATION)
template struct causal_attention<float>;
template struct causal_attention<double>;
#endif

}  // namespace kvt::inline KVT_ABI::scaling
