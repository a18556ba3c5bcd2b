#include <doctest/doctest.h>
#include <kvt/core/error.hpp>

#include <vector>

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

TEST_CASE("the nearest name is near, or none") {
    std::vector<std::string_view> const names{"budget", "policy", "seed", "kv"};
    CHECK(kvt::nearest_name("buget", names) == "budget");
    CHECK(kvt::nearest_name("budgets", names) == "budget");
    CHECK(kvt::nearest_name("bugdet", names) == "budget");
    CHECK(kvt::nearest_name("polizei", names).empty());
    CHECK(kvt::nearest_name("sead", names) == "seed");
    CHECK(kvt::nearest_name("temperature", names).empty());
    CHECK(kvt::nearest_name("", names).empty());
    CHECK(kvt::nearest_name("kw", names, 1) == "kv");
    CHECK(kvt::nearest_name("budget", std::vector<std::string>{}).empty());
    CHECK(kvt::nearest_name(std::string(500, 'a'), names).empty());
    CHECK(kvt::nearest_name("b", std::vector<std::string>{std::string(1000, 'b')}).empty());
}
