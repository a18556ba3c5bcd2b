// text_data: a text file as training data, by bytes or by the words of a tokenizer.
#pragma once

#include <kvt/scaling/token_reader.hpp>

#include <string>

namespace kvt::inline KVT_ABI::scaling {

/// The whole file as one stream. Without a tokenizer every byte is a token (256 of them).
struct text_data {
    static constexpr std::string_view name = "text";

    std::string path{};
    std::string tokenizer{};  ///< a tokenizer.json of words; empty: bytes
    double held_out = 0.05;   ///< the file's last share, for validation

    /// Throws what reading the files throws, and what `split_tokens` does.
    [[nodiscard]] token_reader open(data_split split) const;
};
KVT_RECORD(text_data, path, tokenizer, held_out);

static_assert(token_source<text_data>);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/text_data.ipp>
#endif
