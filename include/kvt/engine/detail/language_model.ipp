#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/engine/language_model.hpp>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL language_model load_model(std::string const& folder) {
    if (folder == "constructed") return constructed_model();
    std::string path = folder;
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    if (!file_exists(path + "/config.json"))
        throw error{error_kind::missing, path + "/config.json", "is not there",
                    "a folder with config.json, model.safetensors and tokenizer.json, or `constructed`"};
    language_model out{.name = path.substr(path.find_last_of('/') + 1),
                       .transformer = model::transformer::load(path),
                       .tokenizer = model::word_tokenizer::load(path + "/tokenizer.json"),
                       .generation = {}};
    if (out.tokenizer.size() > out.transformer.shape().vocab_size)
        throw error{error_kind::mismatch, path + "/tokenizer.json", std::to_string(out.tokenizer.size()) + " words",
                    "at most the model's " + std::to_string(out.transformer.shape().vocab_size)};
    std::string const rules = path + "/generation.json";
    if (file_exists(rules)) out.generation = from_json<generation>(read_json_file(rules), rules);
    for (auto const& word : out.generation.stop_after)
        if (out.tokenizer.id_of(word) < 0)
            throw error{error_kind::mismatch, rules + ": stop_after", "\"" + word + "\"", "a word of the vocabulary"};
    return out;
}

KVT_DECL std::string hash_model(language_model const& m) {
    return sha256_hex(dump(json::of({{"config", model::to_config(m.transformer.shape())},
                                     {"weights", m.transformer.hash()},
                                     {"tokenizer", m.tokenizer.identity()},
                                     {"generation", to_json(m.generation)}}),
                           json_style::canonical));
}

KVT_DECL language_model constructed_model(model::construction const& how) {
    return {.name = "constructed",
            .transformer = model::transformer{model::constructed_weights(how)},
            .tokenizer = model::constructed_tokenizer(),
            .generation = {.stop_after = {"."}}};
}

}  // namespace kvt::inline KVT_ABI::engine
