// token_data: a file of token ids as training data.
#pragma once

#include <kvt/scaling/token_reader.hpp>

#include <string>

namespace kvt::inline KVT_ABI::scaling {

/// Unsigned little-endian numbers of 2 or 4 bytes one after another, without a header.
struct token_data {
    static constexpr std::string_view name = "tokens";

    std::string path{};
    std::int64_t bytes_per_token = 2;
    std::int64_t vocab_size = 50257;
    double held_out = 0.05;  ///< the file's last share, for validation

    /// Throws `error{missing|io}` where the file cannot be read, `error{malformed}` naming the place of an id outside the
    /// vocabulary or of half a token, `error{usage}` for another width and what `split_tokens` does.
    [[nodiscard]] token_reader open(data_split split) const;
};
KVT_RECORD(token_data, path, bytes_per_token, vocab_size, held_out);

static_assert(token_source<token_data>);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/token_data.ipp>
#endif
