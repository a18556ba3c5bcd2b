#pragma once

#include <kvt/core/error.hpp>
#include <kvt/scaling/parameter_list.hpp>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// Lays out tensors one after the other.
struct parameter_writer {
    parameter_list& list;
    std::int64_t layer = -1;

    void put(std::string name, parameter_role role, std::int64_t rows, std::int64_t columns) {
        list.tensors.push_back({.name = std::move(name), .rows = rows, .columns = columns, .offset = list.size});
        list.roles.push_back(role);
        list.layers.push_back(layer);
        list.size += rows * columns;
    }
    void put(std::string name, std::int64_t width) {
        put(std::move(name), parameter_role::norm, 1, width);
        list.tensors.back().dimensions = 1;
    }
};

inline void put_gpt_layer(parameter_writer& to, decoder_shape const& s) {
    std::string const block = "blocks." + std::to_string(to.layer) + ".";
    to.put(block + "norm1.weight", s.d_model);
    to.put(block + "attn.qkv.weight", parameter_role::qkv, s.qkv_width(), s.d_model);
    to.put(block + "attn.proj.weight", parameter_role::attention_out, s.d_model, s.query_width());
    to.put(block + "norm2.weight", s.d_model);
    to.put(block + "ffn.w1.weight", parameter_role::gate, s.d_ff, s.d_model);
    to.put(block + "ffn.w2.weight", parameter_role::down, s.d_model, s.d_ff);
    to.put(block + "ffn.w3.weight", parameter_role::up, s.d_ff, s.d_model);
}

inline void put_llama_layer(parameter_writer& to, decoder_shape const& s) {
    std::string const layer = "model.layers." + std::to_string(to.layer) + ".";
    to.put(layer + "input_layernorm.weight", s.d_model);
    to.put(layer + "self_attn.q_proj.weight", parameter_role::query, s.query_width(), s.d_model);
    to.put(layer + "self_attn.k_proj.weight", parameter_role::key, s.kv_width(), s.d_model);
    to.put(layer + "self_attn.v_proj.weight", parameter_role::value, s.kv_width(), s.d_model);
    to.put(layer + "self_attn.o_proj.weight", parameter_role::attention_out, s.d_model, s.query_width());
    to.put(layer + "post_attention_layernorm.weight", s.d_model);
    to.put(layer + "mlp.gate_proj.weight", parameter_role::gate, s.d_ff, s.d_model);
    to.put(layer + "mlp.up_proj.weight", parameter_role::up, s.d_ff, s.d_model);
    to.put(layer + "mlp.down_proj.weight", parameter_role::down, s.d_model, s.d_ff);
}

}  // namespace detail

KVT_DECL parameter_list::parameter_list(decoder_shape const& s) {
    check(s);
    bool const gpt = s.naming == parameter_naming::gpt;
    detail::parameter_writer to{*this};
    to.put(gpt ? "token_emb.weight" : "model.embed_tokens.weight", parameter_role::embedding, s.vocab_size, s.d_model);
    for (to.layer = 0; to.layer < s.num_layers; ++to.layer) {
        if (gpt) detail::put_gpt_layer(to, s);
        else detail::put_llama_layer(to, s);
    }
    to.layer = -1;
    to.put(gpt ? "norm.weight" : "model.norm.weight", s.d_model);
    if (!s.tied_head) to.put("lm_head.weight", parameter_role::head, s.vocab_size, s.d_model);
}

KVT_DECL parameter const* parameter_list::find(std::string_view name) const {
    for (auto const& tensor : tensors)
        if (tensor.name == name) return &tensor;
    return nullptr;
}

KVT_DECL std::size_t parameter_list::offset(parameter_role role, std::int64_t layer, std::int64_t which) const {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        bool const fused = role == parameter_role::query && roles[i] == parameter_role::qkv;
        if ((roles[i] == role || fused) && layers[i] == layer && which-- == 0)
            return static_cast<std::size_t>(tensors[i].offset);
    }
    throw error{error_kind::usage, "parameters",
                "there is no " + std::string{name_of(role)} + " in layer " + std::to_string(layer)};
}

}  // namespace kvt::inline KVT_ABI::scaling
