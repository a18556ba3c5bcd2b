#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/model/shape.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/export_model.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline json config_of(decoder_shape const& s, exported_model const& how) {
    if (s.naming != parameter_naming::llama) return to_json(s);
    auto const small = [](std::int64_t n) { return static_cast<std::int32_t>(n); };
    model::shape out{.vocab_size = small(s.vocab_size),
                     .hidden_size = small(s.d_model),
                     .intermediate_size = small(s.d_ff),
                     .num_hidden_layers = small(s.num_layers),
                     .num_attention_heads = small(s.num_heads),
                     .num_key_value_heads = small(s.num_kv_heads),
                     .head_dim = small(s.head_dim),
                     .max_position_embeddings = small(how.max_position_embeddings),
                     .rope_theta = s.rope_theta,
                     .rms_norm_eps = s.norm_eps,
                     .tie_word_embeddings = s.tied_head,
                     .eos_token_ids = {}};
    if (!how.tokenizer.empty()) {
        auto const words = model::word_tokenizer::load(how.tokenizer);
        out.bos_token_id = words.begin();
        if (words.end() >= 0) out.eos_token_ids = {words.end()};
    }
    return model::to_config(out);
}

}  // namespace detail

KVT_DECL std::vector<std::string> export_model(decoder<float> const& model, exported_model const& how,
                                               std::string const& folder,
                                               std::map<std::string, std::string> const& metadata) {
    tensor::dense_set weights;
    for (auto const& p : model.tensors()) {
        auto const values = p.of(model.parameters());
        std::vector<std::int64_t> shape{p.columns};
        if (p.dimensions == 2) shape.insert(shape.begin(), p.rows);
        weights.put(p.name, std::move(shape), {values.begin(), values.end()});
    }
    std::vector<std::string> written;
    auto const write = [&](char const* name, std::string const& bytes) {
        written.push_back(folder + "/" + name);
        write_file(written.back(), bytes);
    };
    auto const type = how.type == weight_type::f16 ? tensor::element::f16 : tensor::element::f32;
    auto const config = detail::config_of(model.shape(), how);
    if (!how.tokenizer.empty()) write("tokenizer.json", read_file(how.tokenizer));
    if (!how.stop_after.empty()) {
        json::array stops(how.stop_after.begin(), how.stop_after.end());
        write("generation.json", dump(json::of({{"stop_after", std::move(stops)}})) + "\n");
    }
    write("config.json", dump(config, json_style::pretty) + "\n");
    write("model.safetensors", tensor::safetensors_bytes(weights, type, metadata));
    return written;
}

}  // namespace kvt::inline KVT_ABI::scaling
