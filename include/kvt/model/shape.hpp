// shape: the sizes and constants of a Llama-style decoder, as config.json states them.
#pragma once

#include <kvt/core/json.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// A decoder-only transformer with RMSNorm before each block, rotary positions (half-rotation pairing), grouped-query
/// attention and SwiGLU. Field names are those of the Hugging Face config.
struct shape {
    std::int32_t vocab_size = 0;
    std::int32_t hidden_size = 0;
    std::int32_t intermediate_size = 0;
    std::int32_t num_hidden_layers = 0;
    std::int32_t num_attention_heads = 0;  ///< query heads
    std::int32_t num_key_value_heads = 0;  ///< divides the query heads
    std::int32_t head_dim = 0;             ///< even; hidden_size / num_attention_heads where config.json has none
    std::int32_t max_position_embeddings = 0;
    double rope_theta = 10000;
    double rms_norm_eps = 1e-5;
    bool tie_word_embeddings = false;
    std::int32_t bos_token_id = 1;
    std::vector<std::int32_t> eos_token_ids;  ///< any of them ends an answer

    /// Query heads that share one KV head.
    [[nodiscard]] std::int32_t group_size() const { return num_attention_heads / num_key_value_heads; }
    /// Query head to KV head.
    [[nodiscard]] std::int32_t kv_head_of(std::int32_t query_head) const { return query_head / group_size(); }
};
KVT_RECORD(shape, vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads,
           num_key_value_heads, head_dim, max_position_embeddings, rope_theta, rms_norm_eps, tie_word_embeddings,
           bos_token_id, eos_token_ids);

/// Throws `error{malformed}` naming the first field whose value makes no sense; `where` names the source.
void check(shape const& s, std::string_view where);

/// Reads a config.json; keys that do not matter are ignored, keys that ask for another architecture (biases, scaled or
/// partial rotary positions, another activation) are refused. `rope_theta` may stand in `rope_parameters`, where newer
/// configs have it. The result is checked.
[[nodiscard]] shape shape_from_config(json const& config, std::string_view where = "config.json");

/// The config.json of a shape, as `shape_from_config` reads it.
[[nodiscard]] json to_config(shape const& s);

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/shape.ipp>
#endif
