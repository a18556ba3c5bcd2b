#pragma once

#include <kvt/model/constructed.hpp>
#include <kvt/text/lookup_words.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::model {
namespace detail {

using text::lookup_filler, text::lookup_keys, text::lookup_values;

/// Token ids.
struct lookup_ids {
    static constexpr std::size_t keys = lookup_keys.size(), values = lookup_values.size();
    static constexpr std::size_t stop = 4, first_key = 5, first_query = first_key + keys,
                                 first_value = first_query + keys, none = first_value + values, find = none + 1,
                                 first_filler = find + 1, first_record = first_filler + lookup_filler.size(),
                                 count = first_record + keys * values;
    static constexpr std::size_t record(std::size_t key, std::size_t value) {
        return first_record + key * values + value;
    }
};

/// Dimensions of the residual stream: one for each thing that a token can be or that can be found.
struct lookup_dims {
    static constexpr std::size_t keys = lookup_keys.size(), values = lookup_values.size();
    static constexpr std::size_t query = 0, key = query + keys, record_key = key + keys,
                                 record_value = record_key + keys, found = record_value + values,
                                 answered = found + values, other = answered + 1, used = other + 1,
                                 hidden = (used + 31) / 32 * 32;
};

inline constexpr std::size_t lookup_head_dim = 64, lookup_inner = 32;
/// Where key k lies in a head: past the first rotary pairs, which do turn.
constexpr std::size_t lookup_slot(std::size_t key) { return 4 + key % 24 + key / 24 * 32; }

/// A row-major matrix in the making.
struct made_matrix {
    std::size_t rows, columns;
    std::vector<float> values = std::vector<float>(rows * columns);
    float& at(std::size_t row, std::size_t column) { return values[row * columns + column]; }
    void put_into(tensor::dense_set& set, std::string name) && {
        set.put(std::move(name), {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)},
                std::move(values));
    }
};

KVT_DECL made_matrix lookup_embedding() {
    using ids = lookup_ids;
    using dims = lookup_dims;
    made_matrix e{ids::count, dims::hidden};
    for (std::size_t id = 0; id < ids::first_record; ++id) e.at(id, dims::other) = 1;
    for (std::size_t k = 0; k < ids::keys; ++k) {
        e.at(ids::first_key + k, dims::other) = e.at(ids::first_query + k, dims::other) = 0;
        e.at(ids::first_key + k, dims::key + k) = 1;
        e.at(ids::first_query + k, dims::query + k) = 1;
        for (std::size_t v = 0; v < ids::values; ++v)
            e.at(ids::record(k, v), dims::record_key + k) = e.at(ids::record(k, v), dims::record_value + v) = 1;
    }
    for (std::size_t id = ids::first_value; id <= ids::none; ++id) {
        e.at(id, dims::other) = 0;
        e.at(id, dims::answered) = 1;
    }
    return e;
}

/// Logits read the residual stream: a query is followed by its key, a key by what was found or else by `none`, a value by
/// the full stop, everything else by the end.
KVT_DECL made_matrix lookup_output(std::int32_t group) {
    using ids = lookup_ids;
    using dims = lookup_dims;
    made_matrix o{ids::count, dims::hidden};
    // A record's norm is the root of 2, so each query head that reads it adds sqrt(hidden / 2) to what was found.
    float const all = static_cast<float>(group) * std::sqrt(static_cast<float>(dims::hidden) / 2);
    for (std::size_t k = 0; k < ids::keys; ++k) {
        o.at(ids::first_key + k, dims::query + k) = 4 * all;
        o.at(ids::none, dims::key + k) = 0.95F * all;
    }
    for (std::size_t v = 0; v < ids::values; ++v) o.at(ids::first_value + v, dims::found + v) = 1;
    o.at(ids::stop, dims::answered) = 4 * all;
    o.at(2, dims::other) = all;
    for (std::size_t k = 0; k < ids::keys; ++k) o.at(2, dims::record_key + k) = all;
    return o;
}

/// Queries and keys of one head meet in the dimension of their word; the value is copied from record to found.
KVT_DECL void write_lookup(construction const& c, made_matrix& q, made_matrix& k, made_matrix& v, made_matrix& o) {
    using dims = lookup_dims;
    auto const head = static_cast<std::size_t>(c.lookup_head), group = static_cast<std::size_t>(c.group);
    constexpr float amplitude = 4;  // 4 * 4 * hidden / sqrt(2) / sqrt(head_dim) = 181
    for (std::size_t key = 0; key < lookup_keys.size(); ++key) {
        k.at(head * lookup_head_dim + lookup_slot(key), dims::record_key + key) = amplitude;
        for (std::size_t g = 0; g < group; ++g) {
            std::size_t const row = (head * group + g) * lookup_head_dim + lookup_slot(key);
            q.at(row, dims::query + key) = q.at(row, dims::key + key) = amplitude;
        }
    }
    for (std::size_t value = 0; value < lookup_values.size(); ++value) {
        v.at(head * lookup_head_dim + value, dims::record_value + value) = 1;
        for (std::size_t g = 0; g < group; ++g)
            o.at(dims::found + value, (head * group + g) * lookup_head_dim + value) = 1;
    }
}

}  // namespace detail

KVT_DECL shape constructed_shape(construction const& c) {
    auto const within = [](char const* key, std::int32_t value, std::int32_t least, std::int32_t most) {
        if (value < least || value > most)
            throw error{error_kind::usage, std::string{"construction."} + key, std::to_string(value),
                        std::to_string(least) + " to " + std::to_string(most)};
    };
    within("layers", c.layers, 1, 64);
    within("kv_heads", c.kv_heads, 1, 64);
    within("group", c.group, 1, 16);
    within("lookup_layer", c.lookup_layer, 0, c.layers - 1);
    within("lookup_head", c.lookup_head, 0, c.kv_heads - 1);
    within("max_positions", c.max_positions, 8, 1 << 20);
    shape s;
    s.vocab_size = static_cast<std::int32_t>(detail::lookup_ids::count);
    s.hidden_size = static_cast<std::int32_t>(detail::lookup_dims::hidden);
    s.intermediate_size = static_cast<std::int32_t>(detail::lookup_inner);
    s.num_hidden_layers = c.layers;
    s.num_attention_heads = c.kv_heads * c.group;
    s.num_key_value_heads = c.kv_heads;
    s.head_dim = static_cast<std::int32_t>(detail::lookup_head_dim);
    s.max_position_embeddings = c.max_positions;
    s.rope_theta = 1e300;
    s.bos_token_id = 1;
    s.eos_token_ids = {2};
    return s;
}

KVT_DECL tensor::dense_set constructed_tensors(construction const& c) {
    shape const s = constructed_shape(c);
    auto const hidden = static_cast<std::size_t>(s.hidden_size),
               kv = static_cast<std::size_t>(c.kv_heads) * detail::lookup_head_dim,
               query = kv * static_cast<std::size_t>(c.group);
    tensor::dense_set set;
    detail::lookup_embedding().put_into(set, "model.embed_tokens.weight");
    detail::lookup_output(c.group).put_into(set, "lm_head.weight");
    auto const ones = [&](std::string name) {
        set.put(std::move(name), {s.hidden_size}, std::vector<float>(hidden, 1.0F));
    };
    ones("model.norm.weight");
    for (std::int32_t layer = 0; layer < c.layers; ++layer) {
        std::string const at = "model.layers." + std::to_string(layer) + ".";
        detail::made_matrix q{query, hidden}, k{kv, hidden}, v{kv, hidden}, o{hidden, query};
        if (layer == c.lookup_layer) detail::write_lookup(c, q, k, v, o);
        std::move(q).put_into(set, at + "self_attn.q_proj.weight");
        std::move(k).put_into(set, at + "self_attn.k_proj.weight");
        std::move(v).put_into(set, at + "self_attn.v_proj.weight");
        std::move(o).put_into(set, at + "self_attn.o_proj.weight");
        ones(at + "input_layernorm.weight");
        ones(at + "post_attention_layernorm.weight");
        for (char const* name : {"mlp.gate_proj.weight", "mlp.up_proj.weight"})
            detail::made_matrix{detail::lookup_inner, hidden}.put_into(set, at + name);
        detail::made_matrix{hidden, detail::lookup_inner}.put_into(set, at + "mlp.down_proj.weight");
    }
    return set;
}

KVT_DECL weights constructed_weights(construction const& c) {
    return make_weights(constructed_shape(c), constructed_tensors(c), "constructed model");
}

KVT_DECL word_tokenizer constructed_tokenizer() {
    std::vector<std::string> words{"<pad>", "<bos>", "<eos>", "<unk>", "."};
    for (auto key : text::lookup_keys) words.emplace_back(key);
    for (std::size_t k = 0; k < text::lookup_keys.size(); ++k) words.push_back(text::lookup_query(k));
    for (auto value : text::lookup_values) words.emplace_back(value);
    words.emplace_back(text::lookup_none);
    words.emplace_back(text::lookup_find);
    for (auto word : text::lookup_filler) words.emplace_back(word);
    for (std::size_t k = 0; k < text::lookup_keys.size(); ++k)
        for (std::size_t v = 0; v < text::lookup_values.size(); ++v) words.push_back(text::lookup_record(k, v));
    json vocabulary = json::object{};
    for (std::size_t id = 0; id < words.size(); ++id) vocabulary[words[id]] = static_cast<std::int64_t>(id);
    return word_tokenizer{json::of({{"vocab", vocabulary},
                                    {"bos_token", "<bos>"},
                                    {"eos_token", "<eos>"},
                                    {"unk_token", "<unk>"},
                                    {"pad_token", "<pad>"}}),
                          "constructed tokenizer"};
}

}  // namespace kvt::inline KVT_ABI::model
