#include <doctest/doctest.h>

#include <kvt/net/url.hpp>

using namespace kvt;

TEST_CASE("URLs are split into what a client needs") {
    auto const plain = net::parse_url("http://localhost:8000/v1/chat?x=1#top");
    CHECK(plain.scheme == "http");
    CHECK(plain.host == "localhost");
    CHECK(plain.port == 8000);
    CHECK(plain.target == "/v1/chat?x=1");
    CHECK(plain.authority() == "localhost:8000");
    CHECK(!plain.secure());

    auto const secure = net::parse_url("HTTPS://API.Example.com");
    CHECK(secure.secure());
    CHECK(secure.host == "api.example.com");
    CHECK(secure.port == 443);
    CHECK(secure.target == "/");
    CHECK(secure.authority() == "api.example.com");

    CHECK(net::parse_url("http://h?x=1").target == "/?x=1");
    CHECK(net::parse_url("https://h:80").authority() == "h:80");
    CHECK(net::parse_url("http://h:/x").port == 80);
    auto const six = net::parse_url("http://[::1]:8080/x");
    CHECK(six.host == "::1");
    CHECK(six.port == 8080);
    CHECK(six.authority() == "[::1]:8080");
}

TEST_CASE("what is no http URL is refused") {
    for (auto const* text : {"",
                             "h",
                             "api.openai.com/v1",
                             "ftp://h/",
                             "http://",
                             "http:///x",
                             "http://h:0/",
                             "http://h:65536/",
                             "http://h:x/",
                             "http://h:-1/",
                             "http://h:80x/",
                             "https://user@h/",
                             "https://user:pw@h/",
                             "http://h /",
                             "http://h/a b",
                             "http://h/\r\nHost: x",
                             "${BASE_URL}",
                             "http://${HOST}/",
                             "http://[::1/",
                             "http://[::1]x/",
                             "http://[zz]/",
                             "http://h\xC3\xA4/",
                             "http://a,b/"}) {
        CAPTURE(text);
        CHECK(!net::split_url(text));
    }
    CHECK_THROWS_WITH_AS((void)net::parse_url("nonsense", "engine.base_url"),
                         "engine.base_url: \"nonsense\" is not a usable URL; expected http://host[:port]/path or "
                         "https://host[:port]/path",
                         error);
}

TEST_CASE("no prefix of a URL and no changed byte does harm") {
    std::string const whole = "https://[2001:db8::1]:8443/v1/chat/completions?x=%20y#z";
    for (std::size_t n = 0; n <= whole.size(); ++n) (void)net::split_url(std::string_view{whole}.substr(0, n));
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (int byte = 0; byte < 256; ++byte) {
            auto changed = whole;
            changed[i] = static_cast<char>(byte);
            if (auto const u = net::split_url(changed)) {
                CHECK(u->port >= 1);
                CHECK(u->port <= 65535);
                CHECK(!u->host.empty());
                CHECK(u->target.starts_with('/'));
            }
        }
}
