// decoder_pass: a decoder's forward and backward pass over some sequences, and what it keeps between the two.
#pragma once

#include <kvt/scaling/causal_attention.hpp>
#include <kvt/scaling/linear.hpp>
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

/// What products and branches are multiplied by (forward_factors), for sequences of one length.
template <class Real> struct pass_factors {
    Real into = 1;    ///< queries, keys and values; gate and up
    Real mixed = 1;   ///< attention's way back
    Real narrow = 1;  ///< the feed-forward's way back
    Real head = 1;    ///< logits
    Real logits = 1;  ///< attention's
    std::vector<Real> keep{},
        weight{};  ///< x <- keep x + weight f(x), attention and feed-forward in turn; empty: x + f(x)

    pass_factors(decoder_shape const& shape, std::size_t length);
};

/// One thread's work: it owns activations (per token and layer 4 d_model + qkv_width + query_width + 3 d_ff numbers, and
/// attention's scratch) and borrows parameters. Logits exist for some rows at a time.
template <class Real> class decoder_pass {
  public:
    decoder_pass(decoder_shape const& shape, parameter_list const& list) : shape_{shape}, list_{&list} {}

    /// Runs sequences of `length` tokens; `positions` must reach `length`. What is dropped on the way stays so on the way
    /// back.
    void forward(std::span<Real const> parameters, std::span<std::int32_t const> ids, std::size_t length,
                 rotary<Real> const& positions, dropout const& drop = {});
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
                static_cast<std::size_t>(shape_.head_dim), factors_.logits};
    }
    /// Of attention's weights in a sequence, and of what a branch says.
    [[nodiscard]] dropout weights_dropped(std::int64_t layer, std::size_t first) const {
        return drop_.at(static_cast<std::uint64_t>(3 * layer)).at(first);
    }
    [[nodiscard]] dropout branch_dropped(std::int64_t layer, std::size_t branch) const {
        return drop_.at(static_cast<std::uint64_t>(3 * layer) + 1 + branch);
    }
    [[nodiscard]] bool plain_branches() const { return factors_.keep.empty() && !drop_.active(); }
    [[nodiscard]] Real keep(std::int64_t layer, std::size_t branch) const {
        return factors_.keep.empty() ? Real{1} : factors_.keep[2 * static_cast<std::size_t>(layer) + branch];
    }
    [[nodiscard]] Real weight(std::int64_t layer, std::size_t branch) const {
        return factors_.keep.empty() ? Real{1} : factors_.weight[2 * static_cast<std::size_t>(layer) + branch];
    }
    /// out = what the branch (0: attention, 1: feed-forward) makes of x.
    void join(std::int64_t layer, std::size_t branch, linear<Real> const& back, std::span<Real const> weights,
              std::span<Real const> from, std::span<Real const> x, std::span<Real> out);
    /// The gradient that enters a branch; what stays in `d_residual_` goes past it.
    [[nodiscard]] std::span<Real const> split(std::int64_t layer, std::size_t branch);
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
    dropout drop_{};
    pass_factors<Real> factors_{shape_, 1};
    std::vector<std::int32_t> ids_{};
    std::vector<layer_activations<Real>> layers_{};
    line_vector<Real> output_{}, final_norm_{}, final_scales_{}, logits_{};
    line_vector<Real> d_residual_{}, d_norm_{}, d_hidden_{}, d_qkv_{}, branch_{};
    attention_scratch<Real> scratch_{};
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/decoder_pass.ipp>
#endif
