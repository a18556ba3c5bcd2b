// weights: a transformer's parameters, packed for the kernels, from a file or from tensors in memory.
#pragma once

#include <kvt/model/packed_matrix.hpp>
#include <kvt/model/shape.hpp>
#include <kvt/tensor/dense.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// One decoder layer. Names in files: `model.layers.<i>.` and the name given here.
struct layer_weights {
    std::vector<float> attention_norm;  ///< input_layernorm.weight [hidden]
    packed_matrix q, k, v;              ///< self_attn.{q,k,v}_proj.weight [heads * head_dim x hidden]
    packed_matrix o;                    ///< self_attn.o_proj.weight [hidden x query heads * head_dim]
    std::vector<float> mlp_norm;        ///< post_attention_layernorm.weight [hidden]
    packed_matrix gate, up;             ///< mlp.{gate,up}_proj.weight [intermediate x hidden]
    packed_matrix down;                 ///< mlp.down_proj.weight [hidden x intermediate]
};

/// Everything a forward pass reads.
struct weights {
    model::shape shape;
    std::vector<float> embedding;  ///< model.embed_tokens.weight [vocab x hidden], row-major
    std::vector<layer_weights> layers;
    std::vector<float> final_norm;  ///< model.norm.weight [hidden]
    packed_matrix head;             ///< lm_head.weight [vocab x hidden]; the embedding where they are tied
    std::string hash;               ///< SHA-256 of the safetensors file(s) they came from, or would be written to
};

/// The names and shapes of all tensors a model of this shape consists of, in name order.
struct tensor_slot {
    std::string name;
    std::vector<std::int64_t> shape;
};
[[nodiscard]] std::vector<tensor_slot> tensor_slots(shape const& s);

/// How many numbers these tensors hold; tied embeddings count once.
[[nodiscard]] std::int64_t parameter_count(shape const& s);

/// From tensors in memory under their Hugging Face names. A missing tensor, one of another shape, one that does not
/// belong or one with a value that is not finite is refused by name. `where` names the source in errors.
[[nodiscard]] weights make_weights(shape const& s, tensor::dense_set const& tensors,
                                   std::string_view where = "weights");

/// From `config.json` and `model.safetensors` (or `model.safetensors.index.json` and its shards) in a folder.
[[nodiscard]] weights load_weights(std::string const& folder);

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/weights.ipp>
#endif
