// word_tokenizer: exact counts for word-level models, whose tokens are words, digits and punctuation marks.
#pragma once

#include <kvt/data/tokenizer.hpp>

namespace kvt::inline KVT_ABI::data {

/// Splits at ASCII white space; each of `. , ? : ; '` and every digit is a token of its own. With `bos` one more token,
/// the model's first, is counted for every text. Exact for the shipped `recall` model.
struct word_tokenizer {
    static constexpr std::string_view name = "word";
    std::string model = "recall";
    bool bos = true;

    [[nodiscard]] constexpr std::size_t count(std::string_view text) const {
        std::size_t n = bos ? 1 : 0;
        bool in_word = false;
        for (char c : text) {
            bool const single = (c >= '0' && c <= '9') || std::string_view{".,?:;'"}.find(c) != std::string_view::npos;
            bool const letter = !single && c != ' ' && !(c >= '\t' && c <= '\r');
            if (single || (letter && !in_word)) ++n;
            in_word = letter;
        }
        return n;
    }
    [[nodiscard]] tokenizer_identity identity() const { return {model, std::string{name}}; }
};
KVT_RECORD(word_tokenizer, model, bos);

}  // namespace kvt::inline KVT_ABI::data
