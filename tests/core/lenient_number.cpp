#include <kvt/core/lenient_number.hpp>

#include <doctest/doctest.h>

#include <limits>

using kvt::json;
using kvt::lenient_integer;
using kvt::lenient_real;

TEST_CASE("integers are read from numbers and from text") {
    CHECK(lenient_integer(30) == 30);
    CHECK(lenient_integer("30") == 30);
    CHECK(lenient_integer(" +30\u00A0") == 30);
    CHECK(lenient_integer("-2") == -2);
    for (json const& other : {json{}, json{true}, json{3.0}, json{"3.0"}, json{""}, json{"+-3"}, json{"3 4"},
                              json{"0x3"}, json{"9223372036854775808"}, json::list({3})})
        CHECK_FALSE(lenient_integer(other));
}

TEST_CASE("real numbers are finite") {
    CHECK(lenient_real(2) == 2.0);
    CHECK(lenient_real(0.5) == 0.5);
    CHECK(lenient_real(" 1e3 ") == 1000.0);
    CHECK(lenient_real("+.5") == 0.5);
    for (json const& other : {json{}, json{false}, json{"inf"}, json{"nan"}, json{"1e999"}, json{"fast"}, json{"+-1"},
                              json{std::numeric_limits<double>::infinity()}})
        CHECK_FALSE(lenient_real(other));
}
