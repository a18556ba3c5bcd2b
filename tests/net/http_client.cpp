#include <doctest/doctest.h>

#include <kvt/core/progress.hpp>
#include <kvt/net/http_client.hpp>

#include <net/scripted_server.hpp>

#include <thread>
#include <vector>

using namespace kvt;

namespace {

net::http_reply good(net::http_result const& result) {
    if (auto const* failed = std::get_if<net::http_failure>(&result)) FAIL(failed->message);
    return std::get<net::http_reply>(result);
}
net::http_failure bad(net::http_result const& result) {
    REQUIRE(std::holds_alternative<net::http_failure>(result));
    auto const failed = std::get<net::http_failure>(result);
    INFO(failed.message);
    CHECK(failed.message.find("truncat") == std::string::npos);  // the word means something else in failure labels
    CHECK(failed.message.find("secret") == std::string::npos);
    return failed;
}
net::http_request ask(std::string url, std::string body = "{}") {
    return {"POST",
            std::move(url),
            {{"Content-Type", "application/json"}, {"Authorization", "Bearer secret"}},
            std::move(body)};
}
bool says(net::http_failure const& f, std::string_view word) { return f.message.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("a reply comes back whole, and the request went out as asked") {
    scripted::shared<std::string> sent;
    scripted::server server{[&](scripted::line const& l) {
        sent.set(l.read_request());
        l.write(scripted::reply("{\"x\":1}", "201 Created", "X-A: 1\r\nx-b: two\r\n"));
    }};
    auto const reply = good(net::http_client{}.send(ask(server.url("/v1/x?y=1"), "{\"q\":2}")));
    CHECK(reply.status == 201);
    CHECK(reply.body == "{\"x\":1}");
    CHECK(*net::find_header(reply.headers, "X-B") == "two");
    auto const seen = sent.get();
    CHECK(seen.starts_with("POST /v1/x?y=1 HTTP/1.1\r\n"));
    CHECK(seen.find("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") != std::string::npos);
    CHECK(seen.find("Authorization: Bearer secret\r\n") != std::string::npos);
    CHECK(seen.find("Content-Length: 7\r\n") != std::string::npos);
    CHECK(seen.ends_with("\r\n\r\n{\"q\":2}"));
}

TEST_CASE("any status is a reply; redirects are not followed") {
    scripted::server server{[](scripted::line const& l) {
        l.read_request();
        l.write("HTTP/1.1 100 Continue\r\n\r\n" +
                scripted::reply("", "302 Found", "Location: http://127.0.0.1:1/\r\n"));
    }};
    auto const reply = good(net::http_client{}.send(ask(server.url())));
    CHECK(reply.status == 302);
    CHECK(server.connections() == 1);
}

TEST_CASE("bodies by length, in chunks and up to the end") {
    std::string const text(200'000, 'x');
    SUBCASE("chunks, in small pieces") {
        scripted::server server{[&](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (std::size_t at = 0; at < text.size(); at += 50'000) {
                l.write("c350\r\n" + text.substr(at, 50'000) + "\r\n");
                l.wait(10);
            }
            l.write("0\r\n\r\n");
            l.wait(200);
        }};
        CHECK(good(net::http_client{}.send(ask(server.url()))).body == text);
    }
    SUBCASE("up to the end of the connection") {
        scripted::server server{[&](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.0 200 OK\r\n\r\n" + text);
        }};
        CHECK(good(net::http_client{}.send(ask(server.url()))).body == text);
    }
    SUBCASE("none") {
        scripted::server server{[&](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 204 No Content\r\n\r\n");
        }};
        CHECK(good(net::http_client{}.send(ask(server.url()))).body.empty());
    }
}

TEST_CASE("nobody there") {
    auto const port = scripted::dead_port();
    auto const failed = bad(net::http_client{}.send(ask("http://127.0.0.1:" + std::to_string(port))));
    CHECK(failed.kind == net::http_failure_kind::network);
    CHECK(says(failed, "connection refused"));
    CHECK(says(failed, "127.0.0.1:" + std::to_string(port)));
}

TEST_CASE("a host without an address") {
    auto const failed = bad(net::http_client{}.send(ask("http://no-such-host.invalid/"), {.connect_timeout_s = 5}));
    CHECK((failed.kind == net::http_failure_kind::network || failed.kind == net::http_failure_kind::timeout));
    CHECK(says(failed, "no-such-host.invalid"));
}

TEST_CASE("connections that end too early") {
    SUBCASE("before a reply") {
        scripted::server server{[](scripted::line const& l) { l.read_request(); }};
        auto const failed = bad(net::http_client{}.send(ask(server.url())));
        CHECK(failed.kind == net::http_failure_kind::network);
        CHECK(says(failed, "connection closed before a reply came"));
        CHECK(server.connections() == 1);  // a request that may have been worked on is not sent again
    }
    SUBCASE("with a reset") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.reset();
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url())));
        CHECK(failed.kind == net::http_failure_kind::network);
        CHECK(says(failed, "connection reset"));
    }
    SUBCASE("in the headers") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nContent-Le");
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url())));
        CHECK(failed.kind == net::http_failure_kind::network);
        CHECK(says(failed, "in the middle of the reply"));
    }
    SUBCASE("in the body") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url())));
        CHECK(failed.kind == net::http_failure_kind::network);
        CHECK(says(failed, "in the middle of the reply"));
    }
    SUBCASE("in a chunk") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc");
        }};
        CHECK(bad(net::http_client{}.send(ask(server.url()))).kind == net::http_failure_kind::network);
    }
}

TEST_CASE("what is not HTTP") {
    for (auto const* text : {"garbage\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}) {
        CAPTURE(text);
        scripted::server server{[&](scripted::line const& l) {
            l.read_request();
            l.write(text);
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url())));
        CHECK(failed.kind == net::http_failure_kind::malformed);
        CHECK(says(failed, "malformed reply"));
    }
}

TEST_CASE("replies beyond the limits") {
    net::client_options const options{.max_body_bytes = 1000, .max_header_bytes = 2000};
    SUBCASE("a body announced too large") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
            l.wait(100);
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url()), options));
        CHECK(failed.kind == net::http_failure_kind::malformed);
        CHECK(says(failed, "larger than 1000 bytes"));
    }
    SUBCASE("a body that never ends") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\n\r\n");
            for (int i = 0; i < 100; ++i) l.write(std::string(1000, 'x'));
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url()), options));
        CHECK(failed.kind == net::http_failure_kind::malformed);
        CHECK(says(failed, "larger than 1000 bytes"));
    }
    SUBCASE("headers that never end") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 1000; ++i) l.write("X-" + std::to_string(i) + ": " + std::string(50, 'y') + "\r\n");
            l.wait(100);
        }};
        auto const failed = bad(net::http_client{}.send(ask(server.url()), options));
        CHECK(failed.kind == net::http_failure_kind::malformed);
        CHECK(says(failed, "headers are larger"));
    }
}

TEST_CASE("time limits hold at every step") {
    auto const limited = [](net::http_result const& result, double from, std::string_view step) {
        auto const failed = bad(result);
        CHECK(failed.kind == net::http_failure_kind::timeout);
        CHECK(says(failed, "timed out"));
        CHECK(says(failed, step));
        CHECK(monotonic_seconds() - from < 3);
    };
    double const from = monotonic_seconds();
    SUBCASE("no reply") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.wait(2000);
        }};
        limited(net::http_client{}.send(ask(server.url()), {.timeout_s = 0.3}), from, "waiting for the reply");
    }
    SUBCASE("headers that trickle") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            for (auto c : std::string{"HTTP/1.1 200 OK\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"}) {
                l.write(std::string{c});
                l.wait(20);
            }
        }};
        limited(net::http_client{}.send(ask(server.url()), {.timeout_s = 0.3}), from, "waiting for the reply");
    }
    SUBCASE("a body that stalls") {
        scripted::server server{[](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            l.wait(2000);
        }};
        limited(net::http_client{}.send(ask(server.url()), {.timeout_s = 0.3}), from, "reading the reply");
    }
    SUBCASE("a server that does not read") {
        scripted::server server{[](scripted::line const& l) { l.wait(2000); }};
        limited(net::http_client{}.send(ask(server.url(), std::string(std::size_t{32} << 20, 'x')), {.timeout_s = 0.5}),
                from, "sending the request");
    }
    SUBCASE("no connection") {
        // a listener whose queue is full lets further connections wait
        scripted::listener full;
        ::listen(full.fd(), 0);
        std::vector<int> callers;
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        place.sin_port = htons(static_cast<std::uint16_t>(full.port()));
        for (int i = 0; i < 8; ++i) {
            callers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(callers.back(), reinterpret_cast<sockaddr*>(&place), sizeof place);
        }
        limited(
            net::http_client{}.send(ask("http://127.0.0.1:" + std::to_string(full.port())), {.connect_timeout_s = 0.3}),
            from, "connecting");
        for (int fd : callers) ::close(fd);
    }
}

TEST_CASE("an early refusal is read although the request could not be sent in full") {
    scripted::server server{[](scripted::line const& l) {
        l.read_until("\r\n\r\n");
        l.write(scripted::reply("too large", "413 Payload Too Large", "Connection: close\r\n"));
        ::shutdown(l.fd, SHUT_WR);
        l.read_until("never");
    }};
    CHECK(good(net::http_client{}.send(ask(server.url(), std::string(std::size_t{4} << 20, 'x')))).status == 413);
}

TEST_CASE("the body of a good reply is streamed, of a bad one kept") {
    std::atomic<bool> saw_first{false};
    scripted::server server{[&](scripted::line const& l) {
        auto const request = l.read_request();
        if (request.find("/bad") != std::string::npos)
            return l.write(scripted::reply("why", "500 Internal Server Error"));
        l.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        for (int i = 0; i < 300 && !saw_first; ++i) l.wait(10);  // the rest only once the first piece has arrived
        l.write("4\r\nlast\r\n0\r\n\r\n");
    }};
    std::vector<std::string> pieces;
    auto const collect = [&](std::string_view piece) {
        pieces.emplace_back(piece);
        saw_first = true;
        return true;
    };
    auto const reply = good(net::http_client{}.send(ask(server.url("/good")), {}, collect));
    CHECK(reply.body.empty());
    CHECK(pieces == std::vector<std::string>{"first", "last"});
    pieces.clear();
    CHECK(good(net::http_client{}.send(ask(server.url("/bad")), {}, collect)).body == "why");
    CHECK(pieces.empty());
    saw_first = true;
    auto const leave = [](std::string_view) { return false; };
    CHECK(bad(net::http_client{}.send(ask(server.url("/good")), {}, leave)).kind == net::http_failure_kind::network);
}

TEST_CASE("connections are kept, dropped when stale, and shared by copies") {
    std::atomic<int> requests{0};
    scripted::server server{[&](scripted::line const& l) {
        for (int i = 0; i < 3; ++i) {  // then closes without a word
            if (l.read_request().empty()) return;
            ++requests;
            l.write(scripted::reply("ok"));
        }
    }};
    net::http_client const client;
    for (int i = 0; i < 3; ++i) CHECK(good(client.send(ask(server.url()))).body == "ok");
    CHECK(server.connections() == 1);
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    auto const copy = client;
    for (int i = 0; i < 3; ++i) CHECK(good(copy.send(ask(server.url()))).body == "ok");
    CHECK(server.connections() == 2);
    CHECK(requests == 6);
}

TEST_CASE("what may not be sent is refused before anything is") {
    net::http_client const client;
    CHECK_THROWS_AS((void)client.send(ask("ftp://h/")), error);
    CHECK_THROWS_AS((void)client.send({"GET X", "http://127.0.0.1/", {}, ""}), error);
    CHECK_THROWS_AS((void)client.send({"GET", "http://127.0.0.1/", {{"X", "a\r\nY: b"}}, ""}), error);
    CHECK_THROWS_AS((void)client.send({"POST", "http://127.0.0.1/", {{"content-length", "5"}}, ""}), error);
}
