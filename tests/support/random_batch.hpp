// Batches of random tokens that predict one another: what shapes are tried and measured with.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/scaling/token_batch.hpp>

#include <string_view>

namespace random_batch {

inline kvt::scaling::token_batch of(std::int64_t vocab, std::size_t sequences, std::size_t length,
                                    std::string_view label = "tokens") {
    kvt::random_stream stream{4, label};
    std::vector<std::int32_t> ids(sequences * length);
    for (auto& id : ids) id = static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(vocab)));
    return kvt::scaling::next_token_batch(ids, ids, length);
}

}  // namespace random_batch
