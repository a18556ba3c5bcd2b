// The laws of kvt::data::token_counter: every model of the concept passes them.
#pragma once

#include <kvt/data/tokenizer.hpp>

#include <doctest/doctest.h>

#include <string>

namespace laws {

template <kvt::data::token_counter T> void token_counter(T const& t) {
    CHECK(t.count("") <= 1);
    CHECK(t.identity() == t.identity());
    CHECK_FALSE(t.identity().mode.empty());
    for (std::string const text : {"one two three", "a,b;c", "\u6BB5\u843D 1", "\xFF\xC3", " \n ", "7 7 7"}) {
        CHECK(t.count(text) == t.count(text));
        CHECK(t.count(text + " " + text) >= t.count(text));
        CHECK(t.count(text + " more") >= t.count(text));
        CHECK(t.count(text + " more") >= 1);
    }
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "word ";
    CHECK(t.count(many) >= 1000);
    CHECK(t.count(many) <= many.size() + 1);
}

}  // namespace laws
