// layer_kernels: what a layer does besides matrix products, forward and backward, in vectors chosen at run time.
#pragma once

#include <kvt/core/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace kvt::inline KVT_ABI::scaling {

/// Rows of scores of one attention head for consecutive queries: row r sees the keys 0..first + r.
template <class Real> struct score_rows {
    std::size_t rows, first, columns;  ///< columns beyond those seen are set to 0
    Real* scores;
    std::size_t stride;
};

/// One row of logits and what it should have said.
template <class Real> struct logit_row {
    Real* logits;
    std::size_t count;
    std::size_t target;
};
template <class Real> struct row_loss {
    Real loss;  ///< -log p(target)
    bool hit;   ///< no other logit is above the target's, and none before it equals it
};

/// The kernels of one instruction set. Matrices are by rows without room between them unless a stride is given; what is
/// named `d_x` is the gradient of x. On one instruction set the bits depend on a row's own values alone.
template <class Real> struct layer_kernels {
    /// y = gain * x * scale with scale = 1 / sqrt(mean(x^2) + eps) of each row, which is kept.
    void (*rms_norm)(Real const* x, Real const* gain, std::size_t rows, std::size_t width, Real eps, Real* y,
                     Real* scales);
    /// Adds to `d_x` and, over all rows, to `d_gain`.
    void (*rms_norm_backward)(Real const* d_y, Real const* x, Real const* gain, Real const* scales, std::size_t rows,
                              std::size_t width, Real* d_x, Real* d_gain);
    /// out = gate * sigmoid(gate) * up.
    void (*swiglu)(Real const* gate, Real const* up, std::size_t count, Real* out);
    /// Replaces gate and up by their gradients.
    void (*swiglu_backward)(Real const* d_out, std::size_t count, Real* gate, Real* up);
    /// Turns pairs (x[i], x[i + half]) of `heads` heads side by side by the angles whose cosines and sines are given.
    void (*rotate)(Real* x, std::size_t heads, std::size_t half, Real const* cosines, Real const* sines);
    /// scores = softmax; log_sums[r] = log of the sum of exp(score).
    void (*softmax)(score_rows<Real> const& t, Real* log_sums);
    /// scores = softmax once more, and d = softmax * (d - delta[r]), with rows as far apart as those of scores.
    void (*softmax_backward)(score_rows<Real> const& t, Real const* log_sums, Real const* delta, Real* d);
    /// With weight: logits = weight * (softmax - one at the target). The form without leaves them as they are.
    row_loss<Real> (*cross_entropy_backward)(logit_row<Real> const& row, Real weight);
    row_loss<Real> (*cross_entropy)(logit_row<Real> const& row);
    Real (*dot)(Real const* a, Real const* b, std::size_t count);
    /// to += x.
    void (*add)(Real const* x, std::size_t count, Real* to);
};

/// `Real` is float or double. Throws `error{usage}` where this processor lacks the instruction set.
template <class Real>
[[nodiscard]] layer_kernels<Real> const& layer_kernels_of(instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/layer_kernels.ipp>
#endif
