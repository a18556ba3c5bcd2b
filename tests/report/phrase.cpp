#include <kvt/report/phrase.hpp>

#include <doctest/doctest.h>

using namespace kvt::report;

TEST_CASE("phrases are built by adding") {
    auto const text = "a " + strong("b") + " " + code("c") + linked("d", "#e") + slight("f");
    REQUIRE(text.pieces().size() == 6);
    CHECK(text.text() == "a b cdf");
    CHECK(text.pieces()[1].emphasis == emphasis::strong);
    CHECK(text.pieces()[4].target == "#e");
}

TEST_CASE("empty pieces vanish, and a phrase can be added to itself") {
    CHECK(phrase{""}.empty());
    CHECK((phrase{""} + strong("")).empty());
    phrase text = "ab";
    text += text;
    text += text;
    CHECK(text.text() == "abababab");
}
