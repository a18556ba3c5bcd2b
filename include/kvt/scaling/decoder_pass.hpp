// decoder_pass: a decoder's forward and backward pass over some sequences, and what it keeps between the two.
#pragma once

#include <kvt/scaling/causal_attention.hpp>
#include <kvt/scaling/parameter_list.hpp>
#include <kvt/scaling/rotary.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// What the forward pass of one layer leaves, all by rows (one a token).
template <class Real> struct layer_activations {
    line_vector<Real> input;                 ///< [d_model] the residual stream
    line_vector<Real> norm1, scales1;        ///< [d_model], [1]
    line_vector<Real> qkv, mixed, log_sums;  ///< [qkv_width] rotated, [query_width], [heads]
    line_vector<Real> middle;                ///< [d_model] the residual stream after attention
    line_vector<Real> norm2, scales2;        ///< [d_model], [1]
    line_vector<Real> gate, up, activated;   ///< [d_ff]; the backward pass replaces gate and up by their gradients
};

/// Positions' targets and weights, and where what they cost is written.
struct loss_rows {
    std::span<std::int32_t const> targets;
    std::span<double const> weights;
    std::span<float> losses;
    std::span<std::uint8_t> hits;
};

/// One thread's work: it owns activations (per token and layer 4 d_model + qkv_width + query_width + 3 d_ff numbers, and
/// attention's scratch) and borrows parameters. Logits exist for some rows at a time.
template <class Real> class decoder_pass {
  public:
    decoder_pass(decoder_shape const& shape, parameter_list const& list) : shape_{shape}, list_{&list} {}

    /// Runs sequences of `length` tokens; `positions` must reach `length`.
    void forward(std::span<Real const> parameters, std::span<std::int32_t const> ids, std::size_t length,
                 rotary<Real> const& positions);
    /// After `forward`: the weighted loss of its rows. Leaves nothing else.
    [[nodiscard]] double loss(std::span<Real const> parameters, loss_rows const& rows);
    /// After `forward`: the loss, and the gradients of everything added to `gradients`. Once for each forward pass.
    double backward(std::span<Real const> parameters, loss_rows const& rows, rotary<Real> const& positions,
                    std::span<Real> gradients);
    /// After `forward`: the logits of all its rows, [tokens x vocab_size].
    void logits(std::span<Real const> parameters, std::span<Real> out) const;

    [[nodiscard]] std::span<layer_activations<Real> const> layers() const { return layers_; }
    [[nodiscard]] std::span<Real const> output() const { return {output_.data(), tokens() * width()}; }
    /// The final norm of the output.
    [[nodiscard]] std::span<Real const> final_norm() const { return {final_norm_.data(), tokens() * width()}; }

  private:
    [[nodiscard]] std::size_t tokens() const { return ids_.size(); }
    [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(shape_.d_model); }
    [[nodiscard]] std::size_t vocabulary() const { return static_cast<std::size_t>(shape_.vocab_size); }
    [[nodiscard]] std::size_t hidden() const { return static_cast<std::size_t>(shape_.d_ff); }
    [[nodiscard]] causal_attention<Real> attention() const {
        return {static_cast<std::size_t>(shape_.num_heads), static_cast<std::size_t>(shape_.num_kv_heads),
                static_cast<std::size_t>(shape_.head_dim)};
    }
    /// Heads that turn with positions: all but the values'.
    [[nodiscard]] std::size_t turning() const {
        return static_cast<std::size_t>(shape_.num_heads + shape_.num_kv_heads);
    }
    [[nodiscard]] std::size_t place(parameter_role role, std::int64_t layer, std::int64_t which = 0) const {
        return list_->offset(role, layer, which);
    }
    [[nodiscard]] std::size_t head_place() const {
        return place(shape_.tied_head ? parameter_role::embedding : parameter_role::head, -1);
    }
    /// Rows whose logits are computed together.
    [[nodiscard]] std::size_t head_rows() const;

    void forward_attention(std::int64_t layer, std::span<Real const> parameters, rotary<Real> const& positions);
    void forward_hidden(std::int64_t layer, std::span<Real const> parameters, std::span<Real> out);
    /// Loss and, where there are gradients, those of the head and of the final norm's output.
    double head(std::span<Real const> parameters, loss_rows const& rows, std::span<Real> gradients);
    void backward_hidden(std::int64_t layer, std::span<Real const> parameters, std::span<Real> gradients);
    void backward_attention(std::int64_t layer, std::span<Real const> parameters, rotary<Real> const& positions,
                            std::span<Real> gradients);

    decoder_shape shape_;
    parameter_list const* list_;
    std::size_t length_ = 0;
    std::vector<std::int32_t> ids_{};
    std::vector<layer_activations<Real>> layers_{};
    line_vector<Real> output_{}, final_norm_{}, final_scales_{}, logits_{};
    line_vector<Real> d_residual_{}, d_norm_{}, d_hidden_{}, d_qkv_{};
    attention_scratch<Real> scratch_{};
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/decoder_pass.ipp>
#endif
