#include <kvt/core/random.hpp>
#include <kvt/text/tokens.hpp>
#include <kvt/text/unicode.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kvt;
using namespace kvt::text;

namespace {

std::size_t count_words(std::vector<char32_t> const& text) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < text.size(); ++i) n += !is_space(text[i]) && (i == 0 || is_space(text[i - 1]));
    return n;
}
std::size_t count_symbols(std::vector<char32_t> const& text) {
    std::size_t n = 0;
    for (auto c : text) n += !is_space(c) && !is_alnum(c);
    return n;
}

}  // namespace

TEST_CASE("approximations of texts") {
    CHECK(approx_v1("") == 0);
    CHECK(approx_v1(" ") == 1);
    CHECK(approx_v1("hello, world!") == 2);
    CHECK(approx_v1("a,b,c,d") == 2);                               // one word, three commas
    CHECK(approx_v1("\u5168\u56FD\u7F8E\u56FD") == 1);               // one word
    CHECK(approx_v2("\u5168\u56FD\u7F8E\u56FD") == 4);               // four tokens
    CHECK(approx_v2("GPT\u6A21\u578B v2") == 4);                     // GPT, two characters, v2
    CHECK(approx_v2("\u30FB") == 1);                                 // a symbol within the ranges counts once
    CHECK(approx_v1(std::string_view{"\0\0\0", 3}) == 2);            // a word of three controls
    CHECK(approx_v1("\xFF\xFF\xFF") == 2);                           // and one of three stray bytes
}

TEST_CASE("one pass gives what separate passes over code points give") {
    std::vector<char32_t> const pieces{U'a', U'1', U' ', U'\n', U'.', U'-', U'\u3000', U'\u6BB5', U'\u30FB', U'\u3002',
                                       U'\uAC00', U'\U00020001', U'\u0301', U'\u00BD', U'_'};
    random_stream stream{3, "tally"};
    for (int round = 0; round < 3000; ++round) {
        std::vector<char32_t> text, spaced;
        std::string bytes;
        std::size_t ideographs = 0;
        for (auto n = stream.below(14); n > 0; --n) {
            auto const c = pieces[stream.below(pieces.size())];
            text.push_back(c);
            append_utf8(bytes, c);
            ideographs += is_ideograph(c);
            spaced.push_back(is_ideograph(c) ? U' ' : c);
        }
        auto const t = tally(bytes);
        INFO("round ", round, ": ", bytes);
        REQUIRE(t.characters == text.size());
        REQUIRE(t.words == count_words(text));
        REQUIRE(t.symbols == count_symbols(text));
        REQUIRE(t.ideographs == ideographs);
        REQUIRE(t.spaced_words == count_words(spaced));
        REQUIRE(t.spaced_symbols == count_symbols(spaced));
        if (ideographs == 0) REQUIRE(approx_v1(bytes) == approx_v2(bytes));
    }
}

TEST_CASE("tallies of texts apart add up") {
    std::string const a = "one, two \u6BB5", b = "three; four.";
    auto const left = tally(a), right = tally(b), both = tally(a + "\n\n" + b);
    CHECK(both.words == left.words + right.words);
    CHECK(both.symbols == left.symbols + right.symbols);
    CHECK(both.spaced_words == left.spaced_words + right.spaced_words);
    CHECK(both.ideographs == left.ideographs + right.ideographs);
}

TEST_CASE("a chat costs a constant a message and one for the reply") {
    std::vector<std::size_t> const counts{7, 12};
    CHECK(chat_tokens(counts, {}) == 7 + 12 + 2 * 4 + 3);
    CHECK(chat_tokens({}, {}) == 3);
    CHECK(chat_tokens(counts, {.per_message = 0, .reply = 0}) == 19);
}
