// What every attention observer keeps: it looks on, and what is computed stays as it is.
#pragma once

#include <kvt/model/transformer.hpp>

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

namespace laws {

/// `watched` is fresh and made for this model and these tokens; it is shown all of them, in chunks of 50.
template <kvt::model::attention_observer Observer>
void attention_observer(Observer& watched, kvt::model::transformer const& t, std::span<std::int32_t const> tokens) {
    using namespace kvt::model;
    auto const run = [&](auto& observer) {
        std::vector<float> logits(static_cast<std::size_t>(t.shape().vocab_size));
        plain_storage cache{t.shape().num_hidden_layers, t.shape().num_key_value_heads};
        workspace ws;
        for (std::size_t at = 0; at < tokens.size(); at += 50)
            t.forward(tokens.subspan(at, std::min<std::size_t>(50, tokens.size() - at)), static_cast<std::int32_t>(at),
                      cache, observer, logits, ws);
        return logits;
    };
    CHECK(watched.wants(0, 0, 1) == watched.wants(0, 0, 1));
    no_observer none;
    auto const alone = run(none), seen = run(watched);
    CHECK(std::memcmp(alone.data(), seen.data(), alone.size() * sizeof(float)) == 0);
}

}  // namespace laws
