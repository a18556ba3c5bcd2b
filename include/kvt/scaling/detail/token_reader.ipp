#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/token_reader.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL token_sequence::token_sequence(std::vector<std::int32_t> tokens, std::int64_t vocab_size)
    : tokens_{std::move(tokens)}, vocab_size_{vocab_size} {
    if (tokens_.empty()) throw error{error_kind::usage, "data", "holds no tokens", "at least one"};
}

KVT_DECL asked_batch token_sequence::read(std::int64_t position, std::int64_t sequences, std::int64_t length) const {
    auto const count = static_cast<std::size_t>(sequences * length), end = tokens_.size();
    asked_batch out{.tokens = {.length = static_cast<std::size_t>(length)}};
    out.tokens.ids.reserve(count);
    for (auto at = static_cast<std::size_t>(position % size()); out.tokens.ids.size() < count; at = (at + 1) % end)
        out.tokens.ids.push_back(tokens_[at]);
    out.tokens.targets = out.tokens.ids;
    for (std::size_t i = 0; i < count; ++i)
        out.tokens.targets[i] = (i + 1) % out.tokens.length == 0 ? ignored_label : out.tokens.ids[i + 1];
    return out;
}

KVT_DECL std::vector<std::int32_t> split_tokens(std::vector<std::int32_t> tokens, data_split split, double held_out,
                                                std::string const& where) {
    if (!(held_out >= 0 && held_out <= 0.9))
        throw error{error_kind::usage, where + ".held_out", shortest(held_out), "0..0.9"};
    auto const kept = tokens.size() - static_cast<std::size_t>(held_out * static_cast<double>(tokens.size()));
    if (split == data_split::training) tokens.resize(kept);
    else tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(kept));
    if (tokens.empty())
        throw error{error_kind::usage, where, "has no tokens for " + std::string{name_of(split)},
                    "more text, or another held_out"};
    return tokens;
}

}  // namespace kvt::inline KVT_ABI::scaling
