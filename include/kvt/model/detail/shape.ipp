#pragma once

#include <kvt/model/shape.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::model {
namespace detail {

/// Reads single keys of a config.json, with its name in every complaint.
struct config_reader {
    json const& config;
    std::string_view where;

    [[nodiscard]] std::string at(std::string_view key) const { return std::string{where} + ": " + std::string{key}; }
    [[nodiscard]] json const* find(std::string_view key) const {
        auto const* found = config.find(key);
        return found == nullptr || found->is_null() ? nullptr : found;
    }
    [[nodiscard]] std::int32_t integer(json const& value, std::string_view key) const {
        if (!value.is_integer())
            throw error{error_kind::malformed, at(key), "found " + std::string{value.type_name()}, "an integer"};
        if (value.integer() < -1 || value.integer() > 0x7FFFFFFF)
            throw error{error_kind::malformed, at(key), std::to_string(value.integer()) + " is out of range"};
        return static_cast<std::int32_t>(value.integer());
    }
    [[nodiscard]] std::int32_t required(std::string_view key) const {
        if (auto const* found = find(key)) return integer(*found, key);
        throw error{error_kind::missing, at(key), "is not there", "an integer"};
    }
    [[nodiscard]] std::int32_t integer_or(std::string_view key, std::int32_t absent) const {
        auto const* found = find(key);
        return found == nullptr ? absent : integer(*found, key);
    }
    [[nodiscard]] double real_or(std::string_view key, double absent) const {
        auto const* found = find(key);
        if (found != nullptr && !found->is_number())
            throw error{error_kind::malformed, at(key), "found " + std::string{found->type_name()}, "a number"};
        return found == nullptr ? absent : found->real();
    }
    [[nodiscard]] bool flag(std::string_view key) const {
        auto const* found = find(key);
        if (found != nullptr && !found->is_bool())
            throw error{error_kind::malformed, at(key), "found " + std::string{found->type_name()}, "true or false"};
        return found != nullptr && found->boolean();
    }
    /// Refuses any other value than the one this transformer computes.
    void only(std::string_view key, std::string_view supported) const {
        auto const* found = find(key);
        if (found != nullptr && !(found->is_text() && found->text() == supported))
            throw error{error_kind::mismatch, at(key), "another architecture (" + dump(*found) + ")",
                        std::string{supported}};
    }
    /// Refuses any other number than the one this transformer computes with.
    void only(std::string_view key, double supported) const {
        if (real_or(key, supported) != supported)
            throw error{error_kind::mismatch, at(key), dump(*find(key)) + " is not supported", shortest(supported)};
    }
    void absent(std::string_view key) const {
        if (find(key) != nullptr) throw error{error_kind::mismatch, at(key), "is not supported", "no such key"};
    }
};

/// The base of the rotary positions, from the top or from `rope_parameters`; what else that may ask for is refused.
KVT_DECL double read_rope_theta(config_reader const& top) {
    top.absent("rope_scaling");
    top.only("partial_rotary_factor", 1);
    double const theta = top.real_or("rope_theta", 10000);
    auto const* parameters = top.find("rope_parameters");
    if (parameters == nullptr) return theta;
    std::string const where = top.at("rope_parameters");
    if (!parameters->is_object())
        throw error{error_kind::malformed, where, "found " + std::string{parameters->type_name()}, "a mapping"};
    config_reader const in{*parameters, where};
    for (auto const& [key, value] : parameters->members())
        if (key != "rope_theta" && key != "rope_type" && key != "partial_rotary_factor") in.absent(key);
    in.only("rope_type", "default");
    in.only("partial_rotary_factor", 1);
    double const own = in.real_or("rope_theta", theta);
    if (top.find("rope_theta") != nullptr && own != theta)
        throw error{error_kind::malformed, in.at("rope_theta"), shortest(own),
                    "the same as rope_theta (" + shortest(theta) + ")"};
    return own;
}

}  // namespace detail

KVT_DECL shape shape_from_config(json const& config, std::string_view where) {
    if (!config.is_object())
        throw error{error_kind::malformed, std::string{where}, "found " + std::string{config.type_name()}, "a mapping"};
    detail::config_reader const in{config, where};
    in.only("model_type", "llama");
    in.only("hidden_act", "silu");
    in.absent("sliding_window");
    for (std::string_view bias : {"attention_bias", "mlp_bias"})
        if (in.flag(bias)) throw error{error_kind::mismatch, in.at(bias), "biases are not supported", "false"};
    shape s;
    s.vocab_size = in.required("vocab_size");
    s.hidden_size = in.required("hidden_size");
    s.intermediate_size = in.required("intermediate_size");
    s.num_hidden_layers = in.required("num_hidden_layers");
    s.num_attention_heads = in.required("num_attention_heads");
    s.num_key_value_heads = in.integer_or("num_key_value_heads", s.num_attention_heads);
    s.head_dim = in.integer_or("head_dim", s.num_attention_heads > 0 ? s.hidden_size / s.num_attention_heads : 0);
    s.max_position_embeddings = in.integer_or("max_position_embeddings", 2048);
    s.rope_theta = detail::read_rope_theta(in);
    s.rms_norm_eps = in.real_or("rms_norm_eps", 1e-6);
    s.tie_word_embeddings = in.flag("tie_word_embeddings");
    s.bos_token_id = in.integer_or("bos_token_id", 1);
    if (auto const* eos = in.find("eos_token_id")) {
        if (eos->is_array())
            for (auto const& id : eos->items()) s.eos_token_ids.push_back(in.integer(id, "eos_token_id"));
        else s.eos_token_ids.push_back(in.integer(*eos, "eos_token_id"));
    }
    check(s, where);
    return s;
}

KVT_DECL json to_config(shape const& s) {
    json config = to_json(s);
    config.erase("eos_token_ids");
    config["model_type"] = "llama";
    config["architectures"] = json::list({"LlamaForCausalLM"});
    config["hidden_act"] = "silu";
    if (s.eos_token_ids.size() == 1) config["eos_token_id"] = s.eos_token_ids.front();
    else if (!s.eos_token_ids.empty())
        config["eos_token_id"] = json::array(s.eos_token_ids.begin(), s.eos_token_ids.end());
    return config;
}

KVT_DECL void check(shape const& s, std::string_view where) {
    auto const require = [&](bool holds, char const* key, auto value, std::string expected) {
        if (!holds)
            throw error{error_kind::malformed, std::string{where} + ": " + key, dump(json{value}), std::move(expected)};
    };
    auto const within = [&](char const* key, std::int32_t value, std::int32_t most) {
        require(value >= 1 && value <= most, key, value, "1 to " + std::to_string(most));
    };
    within("vocab_size", s.vocab_size, 1 << 24);
    within("hidden_size", s.hidden_size, 1 << 16);
    within("intermediate_size", s.intermediate_size, 1 << 18);
    within("num_hidden_layers", s.num_hidden_layers, 1024);
    within("num_attention_heads", s.num_attention_heads, 1024);
    within("num_key_value_heads", s.num_key_value_heads, s.num_attention_heads);
    require(s.num_attention_heads % s.num_key_value_heads == 0, "num_key_value_heads", s.num_key_value_heads,
            "a divisor of num_attention_heads (" + std::to_string(s.num_attention_heads) + ")");
    within("head_dim", s.head_dim, 1024);
    require(s.head_dim % 2 == 0, "head_dim", s.head_dim, "an even number");
    within("max_position_embeddings", s.max_position_embeddings, (1 << 28) / s.head_dim);
    require(std::isfinite(s.rope_theta) && s.rope_theta > 0, "rope_theta", s.rope_theta, "a positive number");
    require(std::isfinite(s.rms_norm_eps) && s.rms_norm_eps > 0, "rms_norm_eps", s.rms_norm_eps, "a positive number");
    require(s.bos_token_id >= -1 && s.bos_token_id < s.vocab_size, "bos_token_id", s.bos_token_id,
            "a token of the vocabulary");
    for (auto id : s.eos_token_ids)
        require(id >= -1 && id < s.vocab_size, "eos_token_id", id, "a token of the vocabulary");
}

}  // namespace kvt::inline KVT_ABI::model
