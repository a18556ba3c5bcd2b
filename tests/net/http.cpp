#include <doctest/doctest.h>

#include <kvt/net/http.hpp>

#include <support/refusal.hpp>

using namespace kvt;

TEST_CASE("headers are found and replaced whatever their case") {
    net::headers list{{"Content-Type", "a"}, {"X-A", "1"}, {"content-type", "b"}};
    CHECK(*net::find_header(list, "CONTENT-TYPE") == "a");
    CHECK(net::find_header(list, "X-B") == nullptr);
    net::set_header(list, "content-Type", "c");
    CHECK(list.size() == 2);
    CHECK(*net::find_header(list, "Content-Type") == "c");
    net::set_header(list, "X-B", "2");
    CHECK(list.size() == 3);
}

TEST_CASE("a header that would break the message is refused, its value never shown") {
    CHECK_NOTHROW(net::check_headers({{"X-A", "any text, even \xC3\xA4"}}));
    for (auto const& bad : net::headers{{"X A", "1"}, {"", "1"}, {"X:", "1"}, {"X\r\nY", "1"}})
        CHECK_THROWS_AS(net::check_headers({bad}), error);
    for (auto const& value : {std::string{"secret\r\nX: y"}, std::string{"secret\n"}, std::string{"sec\0ret", 7}}) {
        auto const said = refusal([&] { net::check_headers({{"Authorization", value}}); });
        CHECK(holds(said, "Authorization"));
        CHECK_FALSE(holds(said, "sec"));
    }
}

TEST_CASE("Retry-After in seconds") {
    CHECK(net::retry_after_seconds("5") == 5.0);
    CHECK(net::retry_after_seconds(" 1.5 ") == 1.5);
    CHECK(net::retry_after_seconds("0") == 0.0);
    for (auto const* text : {"", " ", "-3", "nan", "inf", "5s", "Wed, 21 Oct 2026 07:28:00 GMT", "1e999"}) {
        CAPTURE(text);
        CHECK(!net::retry_after_seconds(text));
    }
}
