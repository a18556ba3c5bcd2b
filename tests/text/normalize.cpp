#include <kvt/core/random.hpp>
#include <kvt/text/normalize.hpp>
#include <kvt/text/unicode.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kvt;
using namespace kvt::text;

namespace {

// The rule as it is written, one pass a clause.
std::string by_the_rule(std::string_view text) {
    std::string const lowered = lower(text);
    std::string collapsed;
    for (std::size_t i = 0; i < trim(lowered).size();) {
        auto const c = decode(trim(lowered), i);
        if (!is_space(c.value)) append_utf8(collapsed, c.value);
        else if (!collapsed.ends_with(' ')) collapsed += ' ';
        i += c.size;
    }
    std::string kept;
    for (std::size_t i = 0; i < collapsed.size();) {
        auto const c = decode(collapsed, i);
        if (is_word(c.value) || is_space(c.value)) append_utf8(kept, c.value);
        i += c.size;
    }
    return std::string{trim(kept)};
}

}  // namespace

TEST_CASE("answers are compared without case, punctuation and surplus space") {
    CHECK(normalize("") == "");
    CHECK(normalize("  The  CAT,\tsat. ") == "the cat sat");
    CHECK(normalize("a - b") == "a  b");        // the collapse comes before the deletion
    CHECK(normalize("- a b -") == "a b");
    CHECK(normalize("...") == "");
    CHECK(normalize("4 7 1 9 .") == "4 7 1 9");
    CHECK(normalize("snake_case 1\u00BD") == "snake_case 1\u00BD");
    CHECK(normalize("\u53A6\u95E8\u5927\u5B66\u3002") == "\u53A6\u95E8\u5927\u5B66");
    CHECK(normalize("e\u0301 \u200B \U0001F600") == "e");
    CHECK(normalize("\u0130STANBUL") == "istanbul");  // the dot above is deleted
    CHECK(normalize("\xC3(") == "");
}

TEST_CASE("one pass gives what the rule's passes give, and a second time the same") {
    std::vector<std::string> const pieces{"a", "B", " ", "  ", "-", ".", "_", "7", "\t", "\u00C9", "\u03A3", "\u039F", "'",
                                          "\u3000", "\u6BB5", "\u3002", "\u0301", "\u0130", "\U0001F600", "\x80", "\xE3\x80",
                                          "\u2019", "\u00BD"};
    random_stream stream{7, "normalize"};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto n = stream.below(12); n > 0; --n) text += pieces[stream.below(pieces.size())];
        auto const once = normalize(text);
        INFO("round ", round, ": ", text);
        REQUIRE(once == by_the_rule(text));
        for (auto word : words(once)) REQUIRE(normalize(word) == word);
    }
}

TEST_CASE("words are runs of non-white-space") {
    CHECK(words("").empty());
    CHECK(words(" \u3000 ").empty());
    CHECK(words("a  b\u3000c") == std::vector<std::string_view>{"a", "b", "c"});
    CHECK(words("\u6BB5\u843D") == std::vector<std::string_view>{"\u6BB5\u843D"});
}
