#include <kvt/core/trim.hpp>

#include <doctest/doctest.h>

TEST_CASE("white space goes from both ends, and from nowhere else") {
    using kvt::trim;
    CHECK(trim("") == "");
    CHECK(trim(" \t\r\n\v\f") == "");
    CHECK(trim("a") == "a");
    CHECK(trim("\u3000 a\u00A0b \u2028\n") == "a\u00A0b");
    CHECK(trim("\x1F\u0085x\u205F") == "x");
    CHECK(trim("\u200Bx\uFEFF") == "\u200Bx\uFEFF");          // zero-width characters are no white space
    CHECK(trim("\x80\xC2 \xE3\x80") == "\x80\xC2 \xE3\x80");  // nor are halves of characters
}
