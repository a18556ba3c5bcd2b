#include <kvt/text/unicode.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace kvt::text;

TEST_CASE("the classes have as many members as Unicode 14 gives them") {
    std::size_t alnum = 0, space = 0, digit = 0, cased = 0, ignorable = 0, upper = 0, ideographs = 0;
    auto const& classes = unicode_table::get();
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        auto const bits = classes(c);
        alnum += (bits & char_class::alnum) != 0;
        space += (bits & char_class::space) != 0;
        digit += (bits & char_class::digit) != 0;
        cased += (bits & char_class::cased) != 0;
        ignorable += (bits & char_class::ignorable) != 0;
        upper += (bits & char_class::upper) != 0;
        ideographs += (bits & char_class::ideograph) != 0;
    }
    CHECK(alnum == 133547);
    CHECK(space == 29);
    CHECK(digit == 660);
    CHECK(cased == 4253);
    CHECK(ignorable == 2602);
    CHECK(upper == 1433);  // 1,432 mapped to one character, U+0130 to two
    CHECK(ideographs == 192 + 16 + 6592 + 20992 + 11184 + 512 + 58 + 74672);
}

TEST_CASE("beyond the last code point nothing has a class") {
    CHECK(unicode_table::get()(0x110000) == 0);
    CHECK_FALSE(is_alnum(0xFFFFFFFF));
}

TEST_CASE("characters whose class is easily got wrong") {
    for (char32_t c :
         {U'a', U'Z', U'0', U'\u00B2', U'\u00BD', U'\u2167', U'\u6BB5', U'\uFF21', U'\u3007', U'\u4E00', U'\u0661'})
        CHECK(is_alnum(c));
    for (char32_t c : {U'_', U'-', U'\u0301', U'\u200B', U'\uFFFD', U'\u3002', U'\u2019', U'\U0001F600', U'\u20AC'})
        CHECK_FALSE(is_alnum(c));
    CHECK(is_word(U'_'));
    for (char32_t c : {U'\t', U'\r', U'\u001C', U' ', U'\u0085', U'\u00A0', U'\u1680', U'\u2028', U'\u3000'})
        CHECK(is_space(c));
    for (char32_t c : {U'\u200B', U'\u180E', U'\uFEFF', U'\0', U'\u001B'}) CHECK_FALSE(is_space(c));
    int spaces = 0;
    for (char32_t c = 0; c < 0x110000; ++c) {
        std::string text;
        append_utf8(text, c);
        REQUIRE(is_space(c) == trim(text).empty());
        spaces += is_space(c);
    }
    CHECK(spaces == 29);
    CHECK(is_digit(U'\u0661'));
    CHECK_FALSE(is_digit(U'\u00B2'));
    CHECK(is_ideograph(U'\u3042'));
    CHECK(is_ideograph(U'\uAC00'));
    CHECK(is_ideograph(U'\U00020000'));
    CHECK_FALSE(is_ideograph(U'\u3002'));
}

TEST_CASE("lower case") {
    CHECK(lower("ABC xyz 123 !") == "abc xyz 123 !");
    CHECK(lower("\u00C4\u00D6\u00DC\u00DF") == "\u00E4\u00F6\u00FC\u00DF");
    CHECK(lower("\u0416\u0414") == "\u0436\u0434");
    CHECK(lower("\u0130") == "i\u0307");  // two characters
    CHECK(lower(U'\u0130') == U'i');
    CHECK(lower("\u01C5") == "\u01C6");          // title case
    CHECK(lower("\uFF21") == "\uFF41");          // full width
    CHECK(lower("\U00010400") == "\U00010428");  // beyond the basic plane
    CHECK(lower("\xFF\xC3") == "\uFFFD\uFFFD");  // ill-formed bytes
}

TEST_CASE("capital sigma is final at the end of a word only") {
    CHECK(lower("\u039F\u03A3") == "\u03BF\u03C2");                // OS
    CHECK(lower("\u039F\u03A3 \u03A3") == "\u03BF\u03C2 \u03C3");  // a lone one is not final
    CHECK(lower("\u039F\u03A3\u039F") == "\u03BF\u03C3\u03BF");
    CHECK(lower("\u039F\u03A3.") == "\u03BF\u03C2.");              // a full stop is skipped ...
    CHECK(lower("\u039F\u03A3.\u039F") == "\u03BF\u03C3.\u03BF");  // ... on both sides
    CHECK(lower("\u039F'\u03A3") == "\u03BF'\u03C2");
    CHECK(lower("5\u03A3") == "5\u03C3");          // digits have no case
    CHECK(lower("\xA3\u03A3") == "\uFFFD\u03C3");  // nor have stray bytes
}

TEST_CASE("trimming takes white space of any script off both ends") {
    CHECK(trim("  a b\t\r\n") == "a b");
    CHECK(trim("\u3000\u6BB5 \u843D\u00A0\u2028") == "\u6BB5 \u843D");
    CHECK(trim(" \u0085\t").empty());
    CHECK(trim("").empty());
    CHECK(trim("\u200Ba\u200B") == "\u200Ba\u200B");  // zero-width space is none
    CHECK(trim(" \x80 ") == "\x80");
    CHECK(trim("a\xE3\x80") == "a\xE3\x80");  // an unfinished ideographic space
}
