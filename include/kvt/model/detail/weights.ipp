#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/tensor/archive.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::model {
namespace detail {

/// Tensors some writers add although they follow from the config, or from the embedding where it is tied.
[[nodiscard]] inline bool redundant(std::string_view name, shape const& s) {
    return name.ends_with("rotary_emb.inv_freq") || (s.tie_word_embeddings && name == "lm_head.weight");
}

KVT_DECL void check_tensors(shape const& s, tensor::dense_set const& tensors, std::string_view where) {
    auto const slots = tensor_slots(s);
    for (auto const& slot : slots) {
        auto const* found = tensors.find(slot.name);
        if (found == nullptr) throw error{error_kind::missing, std::string{where}, "no tensor " + slot.name};
        if (found->shape != slot.shape)
            throw error{error_kind::mismatch, std::string{where},
                        slot.name + " has shape " + tensor::to_string(found->shape), tensor::to_string(slot.shape)};
        if (!std::all_of(found->values.begin(), found->values.end(), [](float v) { return std::isfinite(v); }))
            throw error{error_kind::malformed, std::string{where}, slot.name + " holds a value that is not finite"};
    }
    for (auto const& [name, t] : tensors.all()) {
        bool const known =
            std::any_of(slots.begin(), slots.end(), [&](tensor_slot const& slot) { return slot.name == name; });
        if (!known && !redundant(name, s))
            throw error{error_kind::mismatch, std::string{where},
                        "tensor " + name + " has no place in this architecture"};
    }
}

[[nodiscard]] KVT_DECL weights pack(shape const& s, tensor::dense_set const& tensors, std::string_view where,
                                    std::string hash) {
    check(s, where);
    check_tensors(s, tensors, where);
    auto const matrix = [&](std::string const& name) {
        auto const& t = *tensors.find(name);
        return packed_matrix{t.values, static_cast<std::int32_t>(t.shape[0]), static_cast<std::int32_t>(t.shape[1])};
    };
    weights w;
    w.shape = s;
    w.hash = std::move(hash);
    w.embedding = tensors.find("model.embed_tokens.weight")->values;
    w.final_norm = tensors.find("model.norm.weight")->values;
    w.head = matrix(s.tie_word_embeddings ? "model.embed_tokens.weight" : "lm_head.weight");
    for (std::int32_t i = 0; i < s.num_hidden_layers; ++i) {
        std::string const layer = "model.layers." + std::to_string(i) + ".";
        w.layers.push_back({.attention_norm = tensors.find(layer + "input_layernorm.weight")->values,
                            .q = matrix(layer + "self_attn.q_proj.weight"),
                            .k = matrix(layer + "self_attn.k_proj.weight"),
                            .v = matrix(layer + "self_attn.v_proj.weight"),
                            .o = matrix(layer + "self_attn.o_proj.weight"),
                            .mlp_norm = tensors.find(layer + "post_attention_layernorm.weight")->values,
                            .gate = matrix(layer + "mlp.gate_proj.weight"),
                            .up = matrix(layer + "mlp.up_proj.weight"),
                            .down = matrix(layer + "mlp.down_proj.weight")});
    }
    return w;
}

}  // namespace detail

KVT_DECL std::vector<tensor_slot> tensor_slots(shape const& s) {
    std::int64_t const hidden = s.hidden_size, inner = s.intermediate_size;
    std::int64_t const queries = std::int64_t{s.num_attention_heads} * s.head_dim,
                       keys = std::int64_t{s.num_key_value_heads} * s.head_dim;
    std::vector<tensor_slot> slots{{"model.embed_tokens.weight", {s.vocab_size, hidden}},
                                   {"model.norm.weight", {hidden}}};
    if (!s.tie_word_embeddings) slots.push_back({"lm_head.weight", {s.vocab_size, hidden}});
    for (std::int32_t i = 0; i < s.num_hidden_layers; ++i) {
        std::string const layer = "model.layers." + std::to_string(i) + ".";
        slots.push_back({layer + "input_layernorm.weight", {hidden}});
        slots.push_back({layer + "post_attention_layernorm.weight", {hidden}});
        slots.push_back({layer + "self_attn.q_proj.weight", {queries, hidden}});
        slots.push_back({layer + "self_attn.k_proj.weight", {keys, hidden}});
        slots.push_back({layer + "self_attn.v_proj.weight", {keys, hidden}});
        slots.push_back({layer + "self_attn.o_proj.weight", {hidden, queries}});
        slots.push_back({layer + "mlp.gate_proj.weight", {inner, hidden}});
        slots.push_back({layer + "mlp.up_proj.weight", {inner, hidden}});
        slots.push_back({layer + "mlp.down_proj.weight", {hidden, inner}});
    }
    std::sort(slots.begin(), slots.end(), [](tensor_slot const& a, tensor_slot const& b) { return a.name < b.name; });
    return slots;
}

KVT_DECL std::int64_t parameter_count(shape const& s) {
    std::int64_t total = 0;
    for (auto const& slot : tensor_slots(s)) {
        std::int64_t size = 1;
        for (auto const extent : slot.shape) size *= extent;
        total += size;
    }
    return total;
}

KVT_DECL weights make_weights(shape const& s, tensor::dense_set const& tensors, std::string_view where) {
    return detail::pack(s, tensors, where, sha256_hex(tensor::safetensors_bytes(tensors)));
}

KVT_DECL weights load_weights(std::string const& folder) {
    std::string const config = folder + "/config.json";
    shape const s = shape_from_config(read_json_file(config), config);
    std::string const path = tensor::resolve_model(folder);
    auto const files = tensor::archive::open(path);
    tensor::dense_set tensors;
    for (auto const* t : files.tensors()) {
        if (detail::redundant(t->name, s)) continue;
        try {
            tensors.put(t->name, t->shape, to_floats(*t));
        } catch (error const& e) {
            throw error{e.kind(), path, e.where() + ": " + e.problem(), "F32, F16 or BF16"};
        }
    }
    return detail::pack(s, tensors, path, files.hash());
}

}  // namespace kvt::inline KVT_ABI::model
