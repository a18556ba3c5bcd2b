#include <kvt/core/error.hpp>
#include <kvt/core/printable.hpp>

#include <doctest/doctest.h>

using kvt::printable;

TEST_CASE("a text is one line, and nothing in it acts on the terminal") {
    CHECK(printable("plain, t\xC3\xA9xt \xE4\xB8\xAD") == "plain, t\xC3\xA9xt \xE4\xB8\xAD");
    CHECK(printable("a\nb\rc") == "a b c");
    CHECK(printable(std::string_view{"a\0b", 3}) == "a\\x00b");
    CHECK(printable("\x1b[2J\x7f") == "\\x1b[2J\\x7f");
    CHECK(printable("a\xE2\x80\xAEgpj") == "a\\xe2\\x80\\xaegpj");
    CHECK(printable("\xE2\x81\xA6 \xE2\x80\x94") == "\\xe2\\x81\\xa6 \xE2\x80\x94");
    CHECK(printable("cut \xE2\x80") == "cut \xE2\x80");
    kvt::error const e{kvt::error_kind::malformed, std::string{"tensor \0x", 9}, "wrong"};
    CHECK(std::string{e.what()} == "tensor \\x00x: wrong");
}
