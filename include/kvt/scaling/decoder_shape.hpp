// decoder_shape: sizes and choices of a decoder that can be trained; the GPT of the pipeline and the engine's own model are two.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/model/shape.hpp>

#include <cstdint>
#include <string_view>

namespace kvt::inline KVT_ABI::scaling {

/// How parameters are named and split. `gpt`: `token_emb.weight`, `blocks.0.attn.qkv.weight` (one matrix), `ffn.w1` (gate),
/// `w2` (down), `w3` (up). `llama`: `model.layers.0.self_attn.q_proj.weight` and so on, as the engine reads them.
enum class parameter_naming : std::uint8_t { gpt, llama };
KVT_CHOICE(parameter_naming, "gpt", "llama");

/// What the forward pass multiplies by: nothing, or the published unit-scaled recipe's factors of every product, branch and
/// attention (unit_scaling.hpp; scaling-laws 3.9).
enum class factor_rule : std::uint8_t { none, unit };
KVT_CHOICE(factor_rule, "none", "unit");

struct forward_factors {
    factor_rule rule = factor_rule::none;
    double attention = 1;           ///< multiplier m of the logits
    double residual = 1;            ///< rho: the branches' weight
    double residual_attention = 1;  ///< kappa: attention's share of it
    friend bool operator==(forward_factors const&, forward_factors const&) = default;
};
KVT_RECORD(forward_factors, rule, attention, residual, residual_attention);

/// A decoder-only transformer: RMSNorm before each branch, rotary positions (split halves), causal attention, SwiGLU, no
/// biases. The defaults are those of the pipeline's GPT (scaling-laws 3.1, 3.3).
struct decoder_shape {
    std::int64_t vocab_size = 50257;
    std::int64_t d_model = 256;
    std::int64_t num_layers = 6;
    std::int64_t num_heads = 4;
    std::int64_t num_kv_heads = 4;  ///< divides num_heads; each serves a group of consecutive query heads
    std::int64_t head_dim = 64;     ///< even
    std::int64_t d_ff = 1024;
    double rope_theta = 10000;
    double norm_eps = 1e-6;
    bool tied_head = false;  ///< the head is the embedding
    parameter_naming naming = parameter_naming::gpt;
    double dropout = 0;  ///< of attention's weights and of both branches, in training alone
    forward_factors scaling{};

    [[nodiscard]] std::int64_t query_width() const { return num_heads * head_dim; }
    [[nodiscard]] std::int64_t kv_width() const { return num_kv_heads * head_dim; }
    [[nodiscard]] std::int64_t qkv_width() const { return query_width() + 2 * kv_width(); }
};
KVT_RECORD(decoder_shape, vocab_size, d_model, num_layers, num_heads, num_kv_heads, head_dim, d_ff, rope_theta,
           norm_eps, tied_head, naming, dropout, scaling);

/// Throws `error{usage}` naming the first field whose value makes no sense.
void check(decoder_shape const& s, std::string_view where = "model");

/// The pipeline's GPT; d_ff = 0 stands for 4 d_model. Checked.
[[nodiscard]] decoder_shape gpt_shape(std::int64_t vocab_size, std::int64_t d_model, std::int64_t num_layers,
                                      std::int64_t num_heads, std::int64_t d_ff = 0);
/// The engine's model of that shape.
[[nodiscard]] decoder_shape decoder_shape_of(model::shape const& s);

/// Numbers of parameters. Scaling fits use the core: everything but embedding and head.
struct parameter_counts {
    std::int64_t core = 0;
    std::int64_t embedding = 0;
    std::int64_t lm_head = 0;  ///< 0 where it is tied
    std::int64_t total = 0;
};
KVT_RECORD(parameter_counts, core, embedding, lm_head, total);
[[nodiscard]] parameter_counts counts_of(decoder_shape const& s);

/// How a GPT is sized for a target. `nearest`: the width (a multiple of 64, unless told otherwise) whose core comes closest to it, the smaller on ties.
/// `reference`: 12 L d^2 for a core, floored to a multiple of 64 (scaling-laws 3.6).
enum class size_rule : std::uint8_t { nearest, reference };
KVT_CHOICE(size_rule, "nearest", "reference");

/// Which widths there are to choose from: multiples of `multiple` (4 to 4096, itself a multiple of 4), with d_ff = `ffn_ratio` d_model.
struct gpt_widths {
    std::int64_t multiple = 64, ffn_ratio = 4;
};
KVT_RECORD(gpt_widths, multiple, ffn_ratio);

/// The GPT for a target number of parameters: as many heads as 64s in d_model, but 2 at least and fewer where they do not
/// divide it. Throws `error{usage}` for a target or layers below 1, or widths out of range.
[[nodiscard]] decoder_shape gpt_for_size(std::int64_t target, std::int64_t num_layers, std::int64_t vocab_size,
                                         size_rule rule = size_rule::nearest, gpt_widths widths = {});

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/decoder_shape.ipp>
#include <kvt/scaling/training_flops.hpp>
#endif
