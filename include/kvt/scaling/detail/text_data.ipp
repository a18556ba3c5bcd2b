#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/text_data.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL token_reader text_data::open(data_split split) const {
    auto const text = read_file(path);
    std::vector<std::int32_t> ids;
    std::int64_t vocabulary = 256;
    if (tokenizer.empty()) {
        ids.reserve(text.size());
        for (char c : text) ids.push_back(static_cast<unsigned char>(c));
    } else {
        auto const words = model::word_tokenizer::load(tokenizer);
        ids = words.encode(text);
        vocabulary = words.size();
    }
    return token_sequence{split_tokens(std::move(ids), split, held_out, path), vocabulary};
}

}  // namespace kvt::inline KVT_ABI::scaling
