#include <doctest/doctest.h>
#include <kvt/core/error.hpp>

#include <string>

using kvt::error;
using kvt::error_kind;

TEST_CASE("an error is one line of where, what and what was expected") {
    CHECK(std::string{error{error_kind::usage, "a.yaml:3", "unknown key", "one of x, y"}.what()} ==
          "a.yaml:3: unknown key; expected one of x, y");
    CHECK(std::string{error{error_kind::usage, "", "nothing to do"}.what()} == "nothing to do");
    error const e{error_kind::io, "w", "two\nlines\r\nof it", "one\nline"};
    CHECK(std::string{e.what()} == "w: two lines  of it; expected one line");
    CHECK(e.where() == "w");
    CHECK(e.problem() == "two\nlines\r\nof it");
    CHECK(e.expected() == "one\nline");
}

TEST_CASE("bad input exits with 2, failed work with 1") {
    for (auto kind : {error_kind::usage, error_kind::missing, error_kind::malformed, error_kind::mismatch})
        CHECK(error{kind, "", ""}.exit_code() == 2);
    for (auto kind : {error_kind::io, error_kind::work}) CHECK(error{kind, "", ""}.exit_code() == 1);
}
