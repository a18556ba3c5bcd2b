#pragma once

#include <kvt/core/error.hpp>
#include <kvt/scaling/token_data.hpp>
#include <kvt/tensor/mapped_file.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL token_reader token_data::open(data_split split) const {
    if (bytes_per_token != 2 && bytes_per_token != 4)
        throw error{error_kind::usage, "tokens.bytes_per_token", std::to_string(bytes_per_token), "2 or 4"};
    if (vocab_size < 1 || vocab_size > (1 << 24))
        throw error{error_kind::usage, "tokens.vocab_size", std::to_string(vocab_size), "1 to 16777216"};
    auto const file = tensor::mapped_file::open(path);
    auto const bytes = file.bytes();
    auto const width = static_cast<std::size_t>(bytes_per_token);
    if (bytes.size() % width != 0)
        throw error{error_kind::malformed, path, std::to_string(bytes.size()) + " bytes end in the middle of a token",
                    "a multiple of " + std::to_string(width)};
    std::vector<std::int32_t> ids(bytes.size() / width);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        std::uint32_t id = 0;
        for (std::size_t k = width; k-- > 0;) id = id << 8 | std::to_integer<std::uint32_t>(bytes[i * width + k]);
        if (id >= static_cast<std::uint32_t>(vocab_size))
            throw error{error_kind::malformed, path, "token " + std::to_string(i) + " is " + std::to_string(id),
                        "below the vocabulary's " + std::to_string(vocab_size)};
        ids[i] = static_cast<std::int32_t>(id);
    }
    return token_sequence{split_tokens(std::move(ids), split, held_out, path), vocab_size};
}

}  // namespace kvt::inline KVT_ABI::scaling
