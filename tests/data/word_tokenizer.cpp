#include "../laws/token_counter.hpp"

#include <kvt/data/word_tokenizer.hpp>

#include <doctest/doctest.h>

using kvt::data::word_tokenizer;

TEST_CASE("word_tokenizer keeps the laws of token counters") {
    laws::token_counter(word_tokenizer{});
    laws::token_counter(word_tokenizer{.model = "m", .bos = false});
}

TEST_CASE("digits and punctuation marks are tokens of their own") {
    word_tokenizer const t{.model = "m", .bos = false};
    CHECK(t.count("the access code is 4 7 1 9 .") == 9);
    CHECK(t.count("the access code is 4719.") == 9);
    CHECK(t.count("it's: a;b?c,d") == 11);
    CHECK(t.count("  two\twords\n") == 2);
    CHECK(t.count("a\vb\fc\rd") == 4);
    CHECK(t.count("x-y (z)") == 2);
    CHECK(t.count("") == 0);
    CHECK(word_tokenizer{}.count("answer : the") == 4);
    CHECK(word_tokenizer{}.count("") == 1);
    CHECK(word_tokenizer{}.identity().key() == "recall|word");
}
