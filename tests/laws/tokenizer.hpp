// What every tokenizer keeps: ids in range, pieces that add up, answers that only grow.
#pragma once

#include <kvt/model/tokenizer.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace laws {

/// `texts`: any texts; each also serves as the continuation of every other.
template <kvt::model::tokenizer Tokenizer> void tokenizer(Tokenizer const& t, std::vector<std::string> const& texts) {
    using kvt::model::text_place;
    CHECK_FALSE(std::string{t.identity()}.empty());
    CHECK(t.decode({}).empty());
    for (auto const& a : texts) {
        auto const ids = t.encode(a, text_place::prompt);
        CHECK(ids == t.encode(a, text_place::prompt));
        std::string shown;
        for (std::size_t n = 0; n <= ids.size(); ++n) {
            if (n > 0) CHECK((ids[n - 1] >= 0 && ids[n - 1] < t.size()));
            auto const longer = t.decode(std::span{ids}.first(n));
            CHECK(longer.starts_with(shown));
            shown = longer;
        }
        for (auto const& b : texts) {
            auto pieces = ids;
            auto const more = t.encode(b, text_place::continuation);
            pieces.insert(pieces.end(), more.begin(), more.end());
            CHECK(pieces == t.encode(a + " " + b, text_place::prompt));
        }
    }
}

}  // namespace laws
