#include <kvt/core/random.hpp>
#include <kvt/report/plain_text.hpp>

#include <doctest/doctest.h>

using kvt::report::clipped;
using kvt::report::display_width;
using kvt::report::line_breaks;
using kvt::report::plain_text;

TEST_CASE("good text is left alone") {
    for (std::string_view text : {"", "plain", "Füße — 中文 😀 é", "quotes \" ' & < > stay"})
        CHECK(plain_text(text) == text);
}

TEST_CASE("line ends and tabs are folded or kept") {
    CHECK(plain_text("a\nb\r\nc\rd\te") == "a b c d e");
    CHECK(plain_text("a\nb\r\nc\rd\te", line_breaks::kept) == "a\nb\nc\nd\te");
    CHECK(plain_text("a\xE2\x80\xA8"
                     "b\xC2\x85"
                     "c") == "a b c");
}

TEST_CASE("controls, overrides and malformed bytes become replacement characters") {
    std::string const no = "\xEF\xBF\xBD";
    CHECK(plain_text("\x1b[31m") == no + "[31m");
    CHECK(plain_text(std::string_view{"a\0b", 3}) == "a" + no + "b");
    CHECK(plain_text("\x7f") == no);
    CHECK(plain_text("\xC2\x9B"
                     "x") == no + "x");  // the one-byte form of ESC [
    CHECK(plain_text("\xE2\x80\xAE"
                     "x") == no + "x");       // right-to-left override
    CHECK(plain_text("\xEF\xBF\xBE") == no);  // U+FFFE is no character
    CHECK(plain_text("\xFF") == no);
    CHECK(plain_text("\xC0\x80") == no + no);                    // overlong
    CHECK(plain_text("\xE0\x80\x80") == no + no + no);           // overlong
    CHECK(plain_text("\xED\xA0\x80") == no + no + no);           // a surrogate
    CHECK(plain_text("\xF4\x90\x80\x80") == no + no + no + no);  // beyond U+10FFFF
    CHECK(plain_text("\xE4\xB8") == no);                         // cut short: one character was meant
    CHECK(plain_text("\xE4\xB8x") == no + "x");
    CHECK(plain_text("\xF0\x9F\x98\xE4\xB8\xAD") == no + "\xE4\xB8\xAD");
}

TEST_CASE("any bytes give text that is a fixed point") {
    kvt::random_stream stream{11, "plain text"};
    for (int repeat = 0; repeat < 2000; ++repeat) {
        std::string bytes;
        for (auto n = stream.below(24); n > 0; --n) {
            static constexpr unsigned char common[] = {0x1B, 0x80, 0xBF, 0xC2, 0xE2, 0xE0, 0xED,
                                                       0xF0, 0xF4, 0xFF, 'a',  '\n', '\r', 0};
            bytes +=
                static_cast<char>(stream.below(2) == 0 ? common[stream.below(std::size(common))] : stream.below(256));
        }
        for (auto breaks : {line_breaks::folded, line_breaks::kept}) {
            auto const once = plain_text(bytes, breaks);
            REQUIRE(plain_text(once, breaks) == once);
            for (char c : once)
                REQUIRE((static_cast<unsigned char>(c) >= 0x20 ||
                         (breaks == line_breaks::kept && (c == '\n' || c == '\t'))));
        }
    }
}

TEST_CASE("width counts columns, not bytes") {
    CHECK(display_width("") == 0);
    CHECK(display_width("abc") == 3);
    CHECK(display_width("é") == 1);
    CHECK(display_width("e\xCC\x81") == 1);  // with a combining accent
    CHECK(display_width("中文") == 4);
    CHECK(display_width("한글") == 4);
    CHECK(display_width("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB") == 2);  // the same from its parts
    CHECK(display_width("😀") == 2);
    CHECK(display_width("\xEF\xBC\xA1") == 2);  // full-width A
    CHECK(display_width("\xE2\x80\x8B") == 0);  // zero-width space
    CHECK(display_width("–…□") == 3);
}

TEST_CASE("clipping keeps within the columns and says that it cut") {
    CHECK(clipped("abcdef", 6) == "abcdef");
    CHECK(clipped("abcdef", 5) == "abcd…");
    CHECK(clipped("abcdef", 1) == "…");
    CHECK(clipped("abcdef", 0).empty());
    CHECK(clipped("中文中文", 5) == "中文…");
    CHECK(clipped("中文中文", 4) == "中…");
    for (std::size_t n = 0; n < 12; ++n) CHECK(display_width(clipped("a中é😀b文c", n)) <= n);
}
