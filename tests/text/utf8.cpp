#include <kvt/text/utf8.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace kvt::text;

namespace {

std::vector<char32_t> read(std::string_view text) {
    std::vector<char32_t> out;
    for (std::size_t i = 0; i < text.size();) {
        auto const c = decode(text, i);
        REQUIRE(c.size >= 1);
        REQUIRE(i + c.size <= text.size());
        out.push_back(c.value);
        i += c.size;
    }
    return out;
}

constexpr char32_t bad = replacement_character;

}  // namespace

TEST_CASE("every code point is written and read back") {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c == 0xD800) c = 0xE000;
        std::string text;
        append_utf8(text, c);
        auto const back = decode(text, 0);
        if (back.value != c || back.size != text.size() || !is_utf8(text)) FAIL("code point " << static_cast<unsigned>(c));
    }
}

TEST_CASE("what is no code point is written as U+FFFD") {
    for (char32_t c : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
        std::string text;
        append_utf8(text, c);
        CHECK(text == "\xEF\xBF\xBD");
    }
}

TEST_CASE("ill-formed bytes read as one U+FFFD for each maximal part") {
    // The example of the Unicode standard, section 3.9, table 3-8, and the corner cases of table 3-7.
    CHECK(read("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") == std::vector<char32_t>{bad, bad, bad, bad, bad, bad, bad, bad, 'A'});
    CHECK(read("\xED\xA0\x80\x41") == std::vector<char32_t>{bad, bad, bad, 'A'});   // a surrogate
    CHECK(read("\xF4\x90\x80\x80") == std::vector<char32_t>{bad, bad, bad, bad});   // above U+10FFFF
    CHECK(read("\xE6\xAE\x41") == std::vector<char32_t>{bad, 'A'});                 // cut short by a letter
    CHECK(read("\xE6\xAE") == std::vector<char32_t>{bad});                          // cut short by the end
    CHECK(read("\xF0\x9F\x98") == std::vector<char32_t>{bad});
    CHECK(read("\x80\xFF") == std::vector<char32_t>{bad, bad});
}

TEST_CASE("lengths and prefixes count code points") {
    std::string_view const text = "a\xE6\xAE\xB5\xF0\x9F\x98\x80z";  // a, Han, emoji, z
    CHECK(length(text) == 4);
    CHECK(first(text, 0).empty());
    CHECK(first(text, 2) == "a\xE6\xAE\xB5");
    CHECK(first(text, 9) == text);
    CHECK(length("\xE6\xAE") == 1);
    CHECK(length("") == 0);
}

TEST_CASE("only well-formed text is UTF-8") {
    CHECK(is_utf8(""));
    CHECK(is_utf8(std::string_view{"a\0b", 3}));
    CHECK(is_utf8("\xEF\xBF\xBD"));
    CHECK_FALSE(is_utf8("\xC3"));
    CHECK_FALSE(is_utf8("a\xEF\xBF"));
    CHECK_FALSE(is_utf8("\xED\xA0\x80"));
}

static_assert(decode("\xC3\xA9", 0).value == 0xE9);
static_assert(length("\xC3\xA9t\xC3\xA9") == 3);
