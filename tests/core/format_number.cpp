#include <doctest/doctest.h>
#include <kvt/core/format_number.hpp>

#include <limits>

TEST_CASE("numbers with a fixed count of digits, rounded from their exact value") {
    CHECK(kvt::fixed(0.0, 3) == "0.000");
    CHECK(kvt::fixed(0.125, 2) == "0.12");  // a tie goes to the even digit
    CHECK(kvt::fixed(0.375, 2) == "0.38");
    CHECK(kvt::fixed(0.045, 2) == "0.04");  // the double lies below
    CHECK(kvt::fixed(1234.5678, 1) == "1234.6");
    CHECK(kvt::fixed(-0.5, 1) == "-0.5");
    CHECK(kvt::fixed(std::numeric_limits<double>::max(), 17).size() == 309 + 1 + 17);
}

TEST_CASE("nothing, and what is not finite, is N/A; zero is zero") {
    CHECK(kvt::fixed(std::optional<double>{}, 3) == "N/A");
    CHECK(kvt::fixed(std::optional{0.0}, 3) == "0.000");
    CHECK(kvt::fixed(std::numeric_limits<double>::infinity(), 3) == "N/A");
    CHECK(kvt::fixed(std::numeric_limits<double>::quiet_NaN(), 3) == "N/A");
}

TEST_CASE("percentages") {
    CHECK(kvt::percent(1, 6) == "16.7%");
    CHECK(kvt::percent(0, 6) == "0.0%");
    CHECK(kvt::percent(0, 0) == "N/A");
}
