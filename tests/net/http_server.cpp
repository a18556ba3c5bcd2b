#include <doctest/doctest.h>

#include <kvt/core/progress.hpp>
#include <kvt/core/random.hpp>
#include <kvt/net/http_client.hpp>
#include <kvt/net/http_server.hpp>

#include <net/scripted_server.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace kvt;

namespace {

/// A plain connection to a server, for bytes no client would send.
struct caller {
    explicit caller(net::http_server const& server) : fd{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        place.sin_port = htons(static_cast<std::uint16_t>(server.port()));
        REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
    }
    ~caller() { ::close(fd); }
    caller(caller const&) = delete;
    caller& operator=(caller const&) = delete;
    void write(std::string_view bytes) const { scripted::line{fd, never}.write(bytes); }
    /// Everything up to the end of the connection, or `mark`.
    [[nodiscard]] std::string read(std::string_view mark = "never") const {
        return scripted::line{fd, never}.read_until(mark);
    }
    int fd;
    std::atomic<bool> never{false};
};

net::http_reply text(std::string body, std::int64_t status = 200) {
    return {status, {{"Content-Type", "text/plain"}}, std::move(body)};
}

void echo(net::server_request const& r, net::responder& out) {
    out.send(text(r.method + " " + r.path + " [" + r.query + "] " + r.body));
}

struct echo_handler {
    void operator()(net::server_request const& r, net::responder& out) const { echo(r, out); }
};

net::http_reply ask(net::http_server const& server, std::string const& path, std::string method = "POST",
                    std::string body = {}) {
    auto const result =
        net::http_client{}.send({std::move(method), server.url() + path, {}, std::move(body)}, {.timeout_s = 20});
    if (auto const* failed = std::get_if<net::http_failure>(&result)) FAIL(failed->message);
    return std::get<net::http_reply>(result);
}

}  // namespace

TEST_CASE("requests arrive whole, answers go out whole") {
    echo_handler handler;
    net::http_server server{{}, handler};
    CHECK(server.port() > 0);
    CHECK(server.url() == "http://127.0.0.1:" + std::to_string(server.port()));
    auto const reply = ask(server, "/a/b?x=1&y", "POST", "body");
    CHECK(reply.status == 200);
    CHECK(reply.body == "POST /a/b [x=1&y] body");
    CHECK(*net::find_header(reply.headers, "content-type") == "text/plain");
    CHECK(ask(server, "/", "GET").body == "GET / [] ");
    std::string const large(std::size_t{8} << 20, 'x');
    CHECK(ask(server, "/", "POST", large).body.size() == large.size() + 10);
}

TEST_CASE("one connection carries many requests, also piped ones") {
    echo_handler handler;
    net::http_server server{{}, handler};
    caller const c{server};
    c.write("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    c.write("GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    auto const got = c.read();
    CHECK(got.find("POST /1 [] ab") < got.find("GET /2 [] "));
    CHECK(got.find("GET /2 [] ") < got.find("GET /3 [] "));
    CHECK(got.find("GET /3 [] ") != std::string::npos);

    caller const old{server};
    old.write("GET /old HTTP/1.0\r\n\r\n");
    CHECK(old.read().ends_with("GET /old [] "));
}

TEST_CASE("a client that waits for permission gets it") {
    echo_handler handler;
    net::http_server server{{}, handler};
    caller const c{server};
    c.write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
    CHECK(c.read("\r\n\r\n").starts_with("HTTP/1.1 100 Continue\r\n"));
    c.write("hello");
    CHECK(c.read().ends_with("POST /x [] hello"));
}

TEST_CASE("a streamed answer arrives piece by piece") {
    std::atomic<int> written{0};
    auto handler = [&](net::server_request const&, net::responder& out) {
        CHECK(out.begin(200, {{"Content-Type", "text/event-stream"}}));
        CHECK(out.begun());
        for (int i = 0; i < 5; ++i) {
            CHECK(out.write("piece " + std::to_string(i) + "\n"));
            ++written;
        }
        out.send(text("too late"));
    };
    net::http_server server{{}, handler};
    std::string got;
    auto collect = [&](std::string_view piece) {
        got += piece;
        return true;
    };
    net::http_client const client;
    for (int round = 0; round < 2; ++round) {  // the connection serves on
        got.clear();
        auto const result = client.send({"GET", server.url(), {}, ""}, {}, collect);
        REQUIRE(std::holds_alternative<net::http_reply>(result));
        CHECK(got == "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n");
    }
    caller const old{server};
    old.write("GET / HTTP/1.0\r\n\r\n");
    auto const plain = old.read();
    CHECK(plain.find("chunked") == std::string::npos);
    CHECK(plain.ends_with("piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n"));
}

TEST_CASE("a handler learns that its client has left") {
    std::atomic<bool> told{false};
    auto handler = [&](net::server_request const&, net::responder& out) {
        out.begin(200, {});
        for (int i = 0; i < 200 && out.write("x"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
        told = !out.write("x");
    };
    net::http_server server{{}, handler};
    {
        caller const c{server};
        c.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        (void)c.read("x");
    }
    for (int i = 0; i < 300 && !told; ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    CHECK(told);
}

TEST_CASE("what a handler throws is not told") {
    auto handler = [](net::server_request const& r, net::responder&) {
        if (r.path == "/throw") throw std::runtime_error{"a secret"};
    };
    net::http_server server{{}, handler};
    auto const thrown = ask(server, "/throw");
    CHECK(thrown.status == 500);
    CHECK(thrown.body == R"({"error":{"message":"internal error","type":"server_error","param":null,"code":null}})");
    CHECK(ask(server, "/silent").status == 500);
}

TEST_CASE("limits") {
    echo_handler handler;
    net::http_server server{{.max_header_bytes = 4000, .max_body_bytes = 1000}, handler};
    CHECK(ask(server, "/", "POST", std::string(1000, 'x')).status == 200);
    CHECK(ask(server, "/", "POST", std::string(1001, 'x')).status == 413);
    CHECK(ask(server, "/", "POST", std::string(std::size_t{5} << 20, 'x')).status == 413);
    {
        caller const c{server};
        c.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') +
                "\r\n0\r\n\r\n");
        CHECK(c.read().starts_with("HTTP/1.1 413 "));
    }
    {
        caller const c{server};
        c.write("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(5000, 'y') + "\r\n\r\n");
        CHECK(c.read().starts_with("HTTP/1.1 431 "));
    }
}

TEST_CASE("bytes that are no request get a 400") {
    echo_handler handler;
    net::http_server server{{}, handler};
    for (auto const* bytes : {"hello\r\n\r\n", "GET / HTTP/7.0\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n",
                              "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01\r\n\r\n"}) {
        CAPTURE(bytes);
        caller const c{server};
        c.write(bytes);
        CHECK(c.read().starts_with("HTTP/1.1 400 "));
    }
    for (auto const* bytes :
         {"", "GET", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"}) {  // nobody left to answer
        caller const c{server};
        c.write(bytes);
        ::shutdown(c.fd, SHUT_WR);
        CHECK(c.read().empty());
    }
    CHECK(ask(server, "/still", "GET").body == "GET /still [] ");
}

TEST_CASE("clients that dawdle are dropped") {
    echo_handler handler;
    net::http_server server{{.read_timeout_s = 0.2, .idle_timeout_s = 0.2}, handler};
    double const from = monotonic_seconds();
    for (auto const* bytes : {"", "GET / HT", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"}) {
        caller const c{server};
        c.write(bytes);
        CHECK(c.read().empty());
    }
    caller const idle{server};
    idle.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(idle.read().find("200 OK") != std::string::npos);
    CHECK(monotonic_seconds() - from < 4);
}

TEST_CASE("requests run side by side, up to the number of threads") {
    std::atomic<int> running{0}, most{0};
    auto handler = [&](net::server_request const&, net::responder& out) {
        int const now = ++running;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {}
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        --running;
        out.send(text("ok"));
    };
    net::http_server server{{.threads = 3}, handler};
    net::http_client const client;
    std::atomic<int> good{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&] {
            for (int k = 0; k < 4; ++k) {
                auto const result = client.send({"GET", server.url(), {}, ""}, {});
                if (auto const* r = std::get_if<net::http_reply>(&result)) good += r->body == "ok" ? 1 : 0;
            }
        });
    for (auto& c : callers) c.join();
    CHECK(good == 32);
    CHECK(most == 3);
}

TEST_CASE("too many connections are turned away with a word") {
    echo_handler handler;
    net::http_server server{{.max_connections = 2}, handler};
    caller const a{server}, b{server};
    for (auto const* c : {&a, &b}) {
        c->write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(c->read("GET / [] ").find("200 OK") != std::string::npos);
    }
    caller const third{server};
    CHECK(third.read().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("stopping lets a request finish and closes the rest") {
    std::atomic<bool> entered{false};
    auto handler = [&](net::server_request const&, net::responder& out) {
        entered = true;
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        out.send(text("finished"));
    };
    net::http_server server{{}, handler};
    caller const idle{server}, busy{server};
    busy.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    while (!entered) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    server.stop();
    server.stop();
    CHECK(busy.read().ends_with("finished"));
    CHECK(idle.read().empty());
    auto const result = net::http_client{}.send({"GET", server.url(), {}, ""}, {});
    CHECK(std::holds_alternative<net::http_failure>(result));
}

TEST_CASE("requests still waiting for a worker are turned away at the end") {
    std::atomic<int> handled{0};
    auto handler = [&](net::server_request const&, net::responder& out) {
        ++handled;
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        out.send(text("finished"));
    };
    net::http_server server{{.threads = 1}, handler};
    caller const first{server}, second{server};
    first.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    while (handled == 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    second.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    server.stop();
    CHECK(first.read().ends_with("finished"));
    CHECK(second.read().starts_with("HTTP/1.1 503 "));
    CHECK(handled == 1);
}

TEST_CASE("requests with changed bytes do no harm") {
    echo_handler handler;
    net::http_server server{{.threads = 1, .read_timeout_s = 0.2}, handler};
    random_stream draw{7, "changed requests"};
    std::string const good = "POST /a?b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                             "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nxyz";
    for (int round = 0; round < 200; ++round) {
        auto bytes = good;
        for (std::uint64_t changes = 1 + draw.below(3); changes > 0; --changes)
            bytes[static_cast<std::size_t>(draw.below(bytes.size()))] = static_cast<char>(draw.below(256));
        caller const c{server};
        c.write(bytes);
        ::shutdown(c.fd, SHUT_WR);
        auto const answer = c.read();
        CAPTURE(bytes);
        CHECK((answer.empty() || answer.starts_with("HTTP/1.1 ") || answer.starts_with("HTTP/1.0 ")));
    }
    CHECK(ask(server, "/still", "GET").body == "GET /still [] ");
}

TEST_CASE("stopping does not wait for a client that never ends") {
    auto handler = [](net::server_request const&, net::responder& out) {
        out.begin(200, {});
        while (out.write(std::string(1000, 'x'))) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    };
    net::http_server server{{.stop_timeout_s = 0.2}, handler};
    std::thread reader{[&] {
        auto sink = [](std::string_view) { return true; };
        auto const result = net::http_client{}.send({"GET", server.url(), {}, ""}, {}, sink);
        CHECK(std::holds_alternative<net::http_failure>(result));
    }};
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    double const from = monotonic_seconds();
    server.stop();
    CHECK(monotonic_seconds() - from < 3);
    reader.join();
}

TEST_CASE("addresses that cannot be listened at") {
    echo_handler handler;
    CHECK_THROWS_AS((net::http_server{{.address = "localhost"}, handler}), error);
    CHECK_THROWS_AS((net::http_server{{.port = 70000}, handler}), error);
    net::http_server taken{{}, handler};
    CHECK_THROWS_AS((net::http_server{{.port = taken.port()}, handler}), error);
}
