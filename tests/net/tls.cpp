#include <doctest/doctest.h>

#include <kvt/core/text_file.hpp>
#include <kvt/net/http_client.hpp>

#include <net/certificates.hpp>

#include <csignal>

using namespace kvt;
using certificates::pair;
using certificates::pem_file;
using certificates::tls_server;

namespace {

std::string const hello = scripted::reply("hello", "200 OK", "Connection: close\r\n");

net::http_result get(std::string const& url, std::string const& ca_file, net::http_client const& client = {}) {
    std::signal(SIGPIPE, SIG_IGN);  // the test's server writes through OpenSSL, which cannot ask for MSG_NOSIGNAL
    return client.send({"GET", url, {{"Authorization", "Bearer secret"}}, ""}, {.timeout_s = 10, .trust = {ca_file}});
}
void refused(net::http_result const& result, std::string_view why) {
    REQUIRE(std::holds_alternative<net::http_failure>(result));
    auto const& failed = std::get<net::http_failure>(result);
    INFO(failed.message);
    CHECK(failed.kind == net::http_failure_kind::network);
    CHECK(failed.message.find("ssl handshake failed") != std::string::npos);
    CHECK(failed.message.find(why) != std::string::npos);
    CHECK(failed.message.find("secret") == std::string::npos);
}
std::string body(net::http_result const& result) {
    if (auto const* failed = std::get_if<net::http_failure>(&result)) FAIL(failed->message);
    return std::get<net::http_reply>(result).body;
}

}  // namespace

TEST_CASE("a trusted certificate for the right host is accepted, by address and by name") {
    pair const authority{"kvt test authority", "", nullptr};
    pair const own{"server", "DNS:localhost,IP:127.0.0.1", &authority};
    pem_file const trusted{authority};
    tls_server server{own, hello};
    CHECK(body(get(server.url(), trusted.path())) == "hello");
    CHECK(server.last().server_name.empty());  // addresses are not sent as server names
    CHECK(body(get(server.url("localhost"), trusted.path())) == "hello");
    CHECK(server.last().server_name == "localhost");
    CHECK(server.last().request.find("Bearer secret") != std::string::npos);
}

TEST_CASE("a self-signed certificate is trusted where it is named, and only there") {
    pair const own{"server", "IP:127.0.0.1", nullptr};
    pem_file const trusted{own};
    tls_server server{own, hello};
    CHECK(body(get(server.url(), trusted.path())) == "hello");
    refused(get(server.url(), ""), "certificate refused: self-signed certificate");
}

TEST_CASE("certificates that must be refused, each with its reason; nothing is sent to their servers") {
    pair const authority{"kvt test authority", "", nullptr};
    pair const other{"another authority", "", nullptr};
    pem_file const trusted{authority};
    SUBCASE("another authority") {
        pair const own{"server", "DNS:localhost,IP:127.0.0.1", &other};
        tls_server server{own, hello};
        refused(get(server.url(), trusted.path()), "unable to get local issuer certificate");
        CHECK(server.last().request.empty());
    }
    SUBCASE("another name") {
        pair const own{"localhost", "DNS:example.org,IP:127.0.0.1", &authority};
        tls_server server{own, hello};
        refused(get(server.url("localhost"), trusted.path()), "hostname mismatch");
        CHECK(server.last().request.empty());
    }
    SUBCASE("another address") {
        pair const own{"127.0.0.1", "DNS:localhost,IP:127.0.0.2", &authority};
        tls_server server{own, hello};
        refused(get(server.url(), trusted.path()), "IP address mismatch");
        CHECK(server.last().request.empty());
    }
    SUBCASE("expired") {
        pair const own{"server", "IP:127.0.0.1", &authority, -7200, -3600};
        tls_server server{own, hello};
        refused(get(server.url(), trusted.path()), "certificate has expired");
        CHECK(server.last().request.empty());
    }
    SUBCASE("not valid yet") {
        pair const own{"server", "IP:127.0.0.1", &authority, 3600, 7200};
        tls_server server{own, hello};
        refused(get(server.url(), trusted.path()), "certificate is not yet valid");
        CHECK(server.last().request.empty());
    }
}

TEST_CASE("protocols older than TLS 1.2 and servers without TLS are refused") {
    pair const own{"server", "IP:127.0.0.1", nullptr};
    pem_file const trusted{own};
    tls_server old{own, hello, TLS1_1_VERSION};
    refused(get(old.url(), trusted.path()), "");
    scripted::server plain{[](scripted::line const& l) {
        l.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        l.wait(200);
    }};
    refused(get("https://127.0.0.1:" + std::to_string(plain.port()), trusted.path()), "");
}

TEST_CASE("a handshake that is never answered ends in time") {
    scripted::server mute{[](scripted::line const& l) { l.wait(3000); }};
    auto const result = net::http_client{}.send({"GET", "https://127.0.0.1:" + std::to_string(mute.port()), {}, ""},
                                                {.connect_timeout_s = 0.3});
    REQUIRE(std::holds_alternative<net::http_failure>(result));
    CHECK(std::get<net::http_failure>(result).kind == net::http_failure_kind::timeout);
}

TEST_CASE("TLS connections are kept, but not across different trust") {
    pair const own{"server", "IP:127.0.0.1", nullptr};
    pem_file const trusted{own};
    tls_server server{own, scripted::reply("kept")};
    net::http_client const client;
    CHECK(body(get(server.url(), trusted.path(), client)) == "kept");
    CHECK(body(get(server.url(), trusted.path(), client)) == "kept");
    CHECK(server.connections() == 1);
}

TEST_CASE("CA files are checked") {
    pair const own{"server", "IP:127.0.0.1", nullptr};
    pem_file const good{own};
    CHECK_NOTHROW(net::check_trust({good.path()}));
    CHECK_NOTHROW(net::check_trust({}));
    CHECK_THROWS_WITH_AS(net::check_trust({"/nonexistent/ca.pem"}), "/nonexistent/ca.pem: cannot read the CA file",
                         error);
    auto const path = good.path() + ".broken";
    write_file(path, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
    CHECK_THROWS_AS(net::check_trust({path}), error);
    std::remove(path.c_str());
}

TEST_CASE("SSL_CERT_FILE replaces the system's authorities") {
    pair const own{"server", "IP:127.0.0.1", nullptr};
    pem_file const trusted{own};
    tls_server server{own, hello};
    ::setenv("SSL_CERT_FILE", trusted.path().c_str(), 1);
    auto const result = get(server.url(), "");
    ::unsetenv("SSL_CERT_FILE");
    CHECK(body(result) == "hello");
}
