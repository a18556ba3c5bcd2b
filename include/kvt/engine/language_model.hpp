// language_model: a transformer with the words it knows and the rules by which its answers end.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/model/constructed.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/model/transformer.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// How answers end, from `generation.json` in the model's folder where there is one. An end-of-sequence token always ends
/// an answer and is not part of it.
struct generation {
    std::vector<std::string> stop_after{};  ///< tokens after which an answer is complete; they are part of it
};
KVT_RECORD(generation, stop_after);

struct language_model {
    std::string name;
    model::transformer transformer;
    model::word_tokenizer tokenizer;
    engine::generation generation;
};

/// SHA-256 over all that decides what a model answers, as canonical JSON: its config, the hash of its weights, its tokenizer's
/// identity and its generation rules. Receipts are chained to it.
[[nodiscard]] std::string hash_model(language_model const& m);

/// From a folder with config.json, model.safetensors, tokenizer.json and perhaps generation.json; the name `constructed`
/// stands for the constructed model in its default form. Throws `error` naming the file.
[[nodiscard]] language_model load_model(std::string const& folder);

/// The model of model/constructed.hpp; its answers end after the full stop.
[[nodiscard]] language_model constructed_model(model::construction const& how = {});

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/language_model.ipp>
#endif
