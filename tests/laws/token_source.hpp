// Laws of kvt::scaling::token_source.
#pragma once

#include <kvt/scaling/token_reader.hpp>

#include <doctest/doctest.h>

#include <algorithm>

namespace laws {

/// `length` and `sequences` that the source can serve.
template <kvt::scaling::token_source S>
void check_token_source(S const& source, std::int64_t sequences = 3, std::int64_t length = 96) {
    using kvt::scaling::data_split;
    for (auto split : {data_split::training, data_split::validation}) {
        kvt::scaling::token_reader const reader = source.open(split), again = source.open(split);
        auto const size = static_cast<std::size_t>(sequences * length);
        auto const a = reader.read(0, sequences, length);
        REQUIRE(a.tokens.ids.size() == size);
        REQUIRE(a.tokens.targets.size() == size);
        CHECK(a.tokens.sequences() == static_cast<std::size_t>(sequences));
        CHECK((a.asked.empty() || a.asked.size() == size));
        CHECK((a.tokens.weights.empty() || a.tokens.weights.size() == size));
        // What a batch may hold, and that it can be learned from.
        CHECK(kvt::scaling::checked_weights(a.tokens, reader.vocab_size()).size() == size);
        for (std::size_t i = 0; i + 1 < size; ++i)
            if ((i + 1) % static_cast<std::size_t>(length) != 0) CHECK(a.tokens.targets[i] == a.tokens.ids[i + 1]);
        // A pure function of its arguments: the same again, in any order, and another somewhere else.
        CHECK(again.read(sequences * length, sequences, length).tokens.ids ==
              reader.read(sequences * length, sequences, length).tokens.ids);
        CHECK(again.read(0, sequences, length).tokens.ids == a.tokens.ids);
        CHECK(reader.read(sequences * length, sequences, length).tokens.ids != a.tokens.ids);
        // Sequence s of a batch is the batch of one that begins there.
        auto const second = reader.read(length, 1, length);
        CHECK(std::equal(second.tokens.ids.begin(), second.tokens.ids.end(), a.tokens.ids.begin() + length));
    }
    CHECK(source.open(data_split::training).read(0, sequences, length).tokens.ids !=
          source.open(data_split::validation).read(0, sequences, length).tokens.ids);
}

}  // namespace laws
