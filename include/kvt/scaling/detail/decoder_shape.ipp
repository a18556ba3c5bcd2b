#pragma once

#include <kvt/core/error.hpp>
#include <kvt/scaling/decoder_shape.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline void refuse_shape(std::string_view where, std::string const& field, std::string problem, std::string expected) {
    throw error{error_kind::usage, std::string{where} + "." + field, std::move(problem), std::move(expected)};
}

}  // namespace detail

KVT_DECL void check(decoder_shape const& s, std::string_view where) {
    constexpr std::int64_t largest = 1 << 24;
    auto const positive = [&](std::int64_t value, char const* field) {
        if (value < 1 || value > largest)
            detail::refuse_shape(where, field, std::to_string(value) + " is out of range", "1 to 16777216");
    };
    positive(s.vocab_size, "vocab_size");
    positive(s.d_model, "d_model");
    positive(s.num_layers, "num_layers");
    positive(s.num_heads, "num_heads");
    positive(s.num_kv_heads, "num_kv_heads");
    positive(s.head_dim, "head_dim");
    positive(s.d_ff, "d_ff");
    if (s.num_heads % s.num_kv_heads != 0)
        detail::refuse_shape(where, "num_kv_heads", std::to_string(s.num_kv_heads) + " does not divide num_heads",
                             "a divisor of " + std::to_string(s.num_heads));
    if (s.head_dim % 2 != 0)
        detail::refuse_shape(where, "head_dim", std::to_string(s.head_dim) + " is odd",
                             "an even width, so that rotary positions have pairs");
    if (!(s.rope_theta > 0) || !std::isfinite(s.rope_theta))
        detail::refuse_shape(where, "rope_theta", "is not a positive number", "such as 10000");
    if (!(s.norm_eps >= 0) || !std::isfinite(s.norm_eps))
        detail::refuse_shape(where, "norm_eps", "is negative or not finite", "such as 1e-6");
    if (!(s.dropout >= 0 && s.dropout < 1))
        detail::refuse_shape(where, "dropout", "is " + std::to_string(s.dropout), "0 or more, below 1");
    for (auto const& [value, field] : {std::pair{s.scaling.attention, "scaling.attention"},
                                       {s.scaling.residual, "scaling.residual"},
                                       {s.scaling.residual_attention, "scaling.residual_attention"}})
        if (!(value > 0) || !std::isfinite(value))
            detail::refuse_shape(where, field, "is " + std::to_string(value), "a finite number above 0");
}

KVT_DECL decoder_shape gpt_shape(std::int64_t vocab_size, std::int64_t d_model, std::int64_t num_layers,
                                 std::int64_t num_heads, std::int64_t d_ff) {
    if (num_heads < 1 || d_model < 1 || d_model % num_heads != 0)
        detail::refuse_shape("model", "d_model",
                             std::to_string(d_model) + " cannot be split into " + std::to_string(num_heads) + " heads",
                             "a multiple of num_heads");
    decoder_shape const s{.vocab_size = vocab_size,
                          .d_model = d_model,
                          .num_layers = num_layers,
                          .num_heads = num_heads,
                          .num_kv_heads = num_heads,
                          .head_dim = d_model / num_heads,
                          .d_ff = d_ff == 0 ? 4 * d_model : d_ff};
    check(s);
    return s;
}

KVT_DECL decoder_shape decoder_shape_of(model::shape const& s) {
    decoder_shape const out{.vocab_size = s.vocab_size,
                            .d_model = s.hidden_size,
                            .num_layers = s.num_hidden_layers,
                            .num_heads = s.num_attention_heads,
                            .num_kv_heads = s.num_key_value_heads,
                            .head_dim = s.head_dim,
                            .d_ff = s.intermediate_size,
                            .rope_theta = s.rope_theta,
                            .norm_eps = s.rms_norm_eps,
                            .tied_head = s.tie_word_embeddings,
                            .naming = parameter_naming::llama};
    check(out);
    return out;
}

KVT_DECL parameter_counts counts_of(decoder_shape const& s) {
    std::int64_t const attention = s.d_model * s.qkv_width() + s.query_width() * s.d_model;
    parameter_counts out;
    out.core = s.num_layers * (attention + 3 * s.d_model * s.d_ff + 2 * s.d_model) + s.d_model;
    out.embedding = s.vocab_size * s.d_model;
    out.lm_head = s.tied_head ? 0 : out.embedding;
    out.total = out.core + out.embedding + out.lm_head;
    return out;
}

KVT_DECL decoder_shape gpt_for_size(std::int64_t target, std::int64_t num_layers, std::int64_t vocab_size,
                                    size_rule rule, gpt_widths widths) {
    if (target < 1) detail::refuse_shape("model", "model_size", std::to_string(target) + " is too small", "1 or more");
    if (num_layers < 1)
        detail::refuse_shape("model", "num_layers", std::to_string(num_layers) + " is too small", "1 or more");
    if (widths.multiple < 4 || widths.multiple > 4096 || widths.multiple % 4 != 0)
        detail::refuse_shape("model", "width_multiple", std::to_string(widths.multiple) + " is out of range",
                             "a multiple of 4 from 4 to 4096");
    if (widths.ffn_ratio < 1 || widths.ffn_ratio > 64)
        detail::refuse_shape("model", "ffn_ratio", std::to_string(widths.ffn_ratio) + " is out of range", "1 to 64");
    auto const heads = [](std::int64_t d) {
        auto h = std::max<std::int64_t>(2, d / 64);
        while (d % (2 * h) != 0) --h;
        return h;
    };
    auto const shape = [&](std::int64_t d) {
        return gpt_shape(vocab_size, d, num_layers, heads(d), widths.ffn_ratio * d);
    };
    if (rule == size_rule::reference) {
        auto const d0 =
            static_cast<std::int64_t>(std::sqrt(static_cast<double>(target) / (12 * static_cast<double>(num_layers))));
        return shape(std::max<std::int64_t>(64, d0 / 64 * 64));
    }
    std::int64_t d = widths.multiple;
    auto const away = [&](std::int64_t width) { return std::abs(counts_of(shape(width)).core - target); };
    while (away(d + widths.multiple) < away(d)) d += widths.multiple;
    return shape(d);
}

}  // namespace kvt::inline KVT_ABI::scaling
