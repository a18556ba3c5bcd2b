#include <kvt/store/value.hpp>

#include <doctest/doctest.h>

#include <optional>

using kvt::store::spelled;
using kvt::store::value;

TEST_CASE("values hold what a cell can hold") {
    CHECK(value{}.is_null());
    CHECK(value{std::optional<int>{}}.is_null());
    CHECK(*value{std::optional<int>{3}}.integer() == 3);
    CHECK(*value{true}.integer() == 1);
    CHECK(*value{2.5F}.real() == 2.5);
    CHECK(*value{"text"}.text() == "text");
    CHECK(value{1}.real() == nullptr);
}

TEST_CASE("values are ordered: null, numbers, text by bytes") {
    CHECK(value{} < value{-5});
    CHECK(value{2} < value{10});
    CHECK(value{10} < value{"1"});
    CHECK(value{"Z"} < value{"a"});
    CHECK(value{"a"} < value{"\xC3\xA9"});
}

TEST_CASE("messages show values in one line") {
    CHECK(spelled({}) == "null");
    CHECK(spelled(-3) == "-3");
    CHECK(spelled(1.0) == "1.0");
    CHECK(spelled("a\"b\n") == "\"a\\\"b\\n\"");
    CHECK(spelled(std::string(100, 'x')).size() == 65);
}
