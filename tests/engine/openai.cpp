#include <doctest/doctest.h>

#include <kvt/core/random.hpp>
#include <kvt/engine/openai.hpp>
#include <kvt/engine/server.hpp>

#include <engine/parrot.hpp>
#include <laws/engine.hpp>
#include <net/certificates.hpp>
#include <net/scripted_server.hpp>
#include <support/refusal.hpp>

#include <csignal>
#include <cstdlib>
#include <mutex>

using namespace kvt;
using engine::evidence;
using engine::failure_kind;

namespace {

std::string const key = "sk-test-0123456789";

/// An engine that talks to this URL with the test's key, sends nothing about the cache and asks no questions first.
engine::openai plain_engine(std::string base_url) {
    ::setenv("KVT_TEST_KEY", key.c_str(), 1);
    engine::openai e;
    e.base_url = std::move(base_url);
    e.api_key_env = "KVT_TEST_KEY";
    e.model = "m";
    e.kv_transport = engine::kv_transport::extra_body;
    return e;
}
engine::request asking() {
    engine::request r;
    r.id = "r1";
    r.messages = {{"user", "one two three"}};
    r.timeout_s = 5;
    return r;
}
engine::failure failed(engine::outcome const& o) {
    REQUIRE(std::holds_alternative<engine::failure>(o));
    auto const f = std::get<engine::failure>(o);
    INFO(f.message);
    CHECK(f.message.find(key) == std::string::npos);
    CHECK(f.message.find("truncat") == std::string::npos);
    CHECK(f.message.find('\n') == std::string::npos);
    CHECK(f.message.size() < 500);
    return f;
}
/// The failure that a server causes which says just this.
engine::failure against(std::string const& bytes) {
    scripted::server server{[&](scripted::line const& l) {
        l.read_request();
        l.write(bytes);
    }};
    run_context context;
    return failed(plain_engine(server.url()).generate(context, asking()));
}
std::string const good_reply = scripted::reply(
    R"({"id": "c1", "model": "srv", "choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3, "completion_tokens": 1}})");

}  // namespace

TEST_CASE("one exchange: what goes out, what comes back, what is noted") {
    scripted::shared<std::string> sent;
    scripted::server server{[&](scripted::line const& l) {
        sent.set(l.read_request());
        l.write(good_reply);
    }};
    auto e = plain_engine(server.url("/"));
    e.headers = json::of({{"X-Team", "kv"}});
    auto r = asking();
    r.seed = 5;
    r.extra_body = json::of({{"kv_budget", 0.2}});
    r.messages[0].content = std::string(2000, 'w');
    run_context context;
    auto const got = laws::answered(e.generate(context, r));
    CHECK(got.text == "hi");
    CHECK(got.finish_reason == "stop");
    CHECK(got.usage.total_tokens == 4);
    CHECK(!got.ttfb_s);
    CHECK(got.proof == evidence::none);
    CHECK(got.sent == engine::budget_sent::no);  // extra fields without the budget
    CHECK(got.notes.at("model") == json{"srv"});
    CHECK(got.notes.at("response_id") == json{"c1"});
    CHECK(got.notes.at("request").at("messages").items()[0].at("content").text() ==
          std::string(1024, 'w') + "...[truncated]");
    CHECK(got.notes.at("request").at("kv_budget") == json{0.2});
    auto const wire = sent.get();
    CHECK(wire.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
    CHECK(wire.find("Authorization: Bearer " + key + "\r\n") != std::string::npos);
    CHECK(wire.find("X-Team: kv\r\n") != std::string::npos);
    auto const body = parse_json(std::string_view{wire}.substr(wire.find("\r\n\r\n") + 4));
    CHECK(body.at("model") == json{"m"});
    CHECK(body.at("seed") == json{5});
    CHECK(body.at("messages").items()[0].at("content").text().size() == 2000);
    CHECK(body.find("kv") == nullptr);
    engine::put_extra_body(r, json::of({{"keep", "{kv_budget}"}}), {0.2, {}, {}, {}, {}});
    CHECK(laws::answered(e.generate(context, r)).sent == engine::budget_sent::yes);
}

TEST_CASE("a server's bad days become failures with a kind, a status and one line") {
    auto const status = [](char const* line, std::string const& body, std::string const& extra = {}) {
        return against(scripted::reply(body, line, "Content-Type: text/plain\r\n" + extra));
    };
    auto const broken = status("500 Internal Server Error", R"({"error": {"message": "boom"}})");
    CHECK(broken.kind == failure_kind::http);
    CHECK(broken.http_status == 500);
    CHECK(broken.message == "HTTP request failed with status 500: boom");
    auto const busy =
        status("429 Too Many Requests", R"({"error": {"message": "Rate limit reached"}})", "Retry-After: 7\r\n");
    CHECK(busy.http_status == 429);
    CHECK(busy.retry_after_s == 7.0);
    CHECK(!status("429 Too Many Requests", "", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n").retry_after_s);
    CHECK(status("502 Bad Gateway", "<html><title>502 Bad Gateway</title></html>").message ==
          "HTTP request failed with status 502: an HTML page, \"502 Bad Gateway\"");
    CHECK(status("401 Unauthorized", R"({"error": {"message": "bad key )" + key + R"("}})").message ==
          "HTTP request failed with status 401: bad key <redacted>");
    CHECK(status("302 Found", "", "Location: http://127.0.0.1:1/\r\n").http_status == 302);

    auto const page = against(scripted::reply("<!DOCTYPE html><html><title>Login</title>"));
    CHECK(page.kind == failure_kind::malformed);
    CHECK(page.message == "malformed reply: an HTML page, \"Login\"");
    auto const half = against(scripted::reply(R"({"choices": [{"message": {"cont)"));
    CHECK(half.kind == failure_kind::malformed);
    CHECK(half.message.starts_with("malformed reply: not JSON"));
    CHECK(against(scripted::reply("")).message == "malformed reply: an empty body");
    CHECK(against(scripted::reply("hello there")).message.starts_with("malformed reply: not JSON"));
    CHECK(against(scripted::reply("[1]")).message == "malformed reply: found a list");
    CHECK(against(scripted::reply(R"({"choices": []})")).message == "malformed reply: no choices");
    CHECK(against("not http at all\r\n\r\n").kind == failure_kind::malformed);
    CHECK(against("").kind == failure_kind::network);
    CHECK(against("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"choices\"").kind == failure_kind::network);
}

TEST_CASE("down, slow and endless servers") {
    run_context context;
    auto const down =
        failed(plain_engine("http://127.0.0.1:" + std::to_string(scripted::dead_port())).generate(context, asking()));
    CHECK(down.kind == failure_kind::network);
    CHECK(down.message.find("connection refused") != std::string::npos);

    scripted::server slow{[](scripted::line const& l) {
        l.read_request();
        l.wait(2000);
    }};
    auto hurried = plain_engine(slow.url());
    hurried.timeout_s = 0.2;
    auto const late = failed(hurried.generate(context, asking()));
    CHECK(late.kind == failure_kind::timeout);
    CHECK(late.message.find("timed out") != std::string::npos);

    scripted::server endless{[](scripted::line const& l) {
        l.read_request();
        l.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"x\": \"");
        for (int i = 0; i < 200; ++i) l.write(std::string(1000, 'x'));
    }};
    auto small = plain_engine(endless.url());
    small.max_reply_bytes = 10'000;
    auto const large = failed(small.generate(context, asking()));
    CHECK(large.kind == failure_kind::malformed);
    CHECK(large.message.find("larger than 10000 bytes") != std::string::npos);
}

TEST_CASE("streams: time to the first token, and every way they can end") {
    auto const stream = [](std::vector<std::string> const& data, bool close_early = false) {
        scripted::server server{[&](scripted::line const& l) {
            l.read_request();
            l.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (auto const& d : data) {
                auto const event = "data: " + d + "\n\n";
                char size[16];
                std::snprintf(size, sizeof size, "%zx\r\n", event.size());
                l.write(size + event + "\r\n");
                l.wait(20);
            }
            if (!close_early) l.write("0\r\n\r\n");
        }};
        auto e = plain_engine(server.url());
        e.stream = true;
        run_context context;
        return e.generate(context, asking());
    };
    auto const piece = [](std::string const& text, std::string const& reason = "null") {
        return R"({"model": "srv", "choices": [{"delta": {"content": ")" + text + R"("}, "finish_reason": )" + reason +
               "}]}";
    };
    auto const good = laws::answered(
        stream({R"({"choices": [{"delta": {"role": "assistant"}}]})", piece("a"), piece("b"), piece("", "\"stop\""),
                R"({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})", "[DONE]"}));
    CHECK(good.text == "ab");
    CHECK(good.finish_reason == "stop");
    CHECK(good.usage.total_tokens == 3);
    REQUIRE(good.ttfb_s);
    CHECK(*good.ttfb_s > 0.015);
    CHECK(*good.ttfb_s < good.latency_s);
    CHECK(laws::answered(stream({piece("a", "\"stop\"")})).text == "a");  // some servers end without [DONE]
    CHECK(laws::answered(stream({piece("a"), "[DONE]"})).text == "a");
    CHECK(laws::answered(stream({"[DONE]"})).text == "");

    CHECK(failed(stream({piece("a")})).kind == failure_kind::network);
    CHECK(failed(stream({piece("a")}, true)).kind == failure_kind::network);
    auto const half = failed(stream({piece("a"), R"({"choices": [{"del)"}));
    CHECK(half.kind == failure_kind::malformed);
    CHECK(half.message.starts_with("malformed reply: "));
    auto const broke = failed(stream({piece("a"), R"({"error": {"message": "out of memory for )" + key + R"("}})"}));
    CHECK(broke.kind == failure_kind::http);
    CHECK(broke.message == "the server broke off: out of memory for <redacted>");
}

TEST_CASE("a server that ignores the wish to stream is understood") {
    scripted::server server{[](scripted::line const& l) {
        l.read_request();
        l.write(good_reply);
    }};
    auto e = plain_engine(server.url());
    e.stream = true;
    std::string joined;
    auto sink = [&](std::string_view p) {
        joined += p;
        return true;
    };
    run_context context;
    auto const got = laws::answered(e.generate(context, asking(), sink));
    CHECK(got.text == "hi");
    CHECK(joined == "hi");
    CHECK(!got.ttfb_s);
}

TEST_CASE("replies with changed bytes are answers or failures, never more") {
    std::string const event =
        "data: {\"id\": \"c\", \"choices\": [{\"index\": 0, \"delta\": {\"content\": \"a\"}, "
        "\"finish_reason\": \"stop\"}], \"kv\": {\"budget\": 1.0, \"receipt\": {\"heads\": []}}}\n\n";
    std::string const stream =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + event + "data: [DONE]\n\n";
    random_stream draw{11, "changed replies"};
    std::string bytes;
    std::mutex guard;
    scripted::server server{[&](scripted::line const& l) {
        l.read_request();
        std::lock_guard const lock{guard};
        l.write(bytes);
    }};
    auto e = plain_engine(server.url());
    e.timeout_s = 1;
    run_context context;
    int answers = 0;
    for (int round = 0; round < 300; ++round) {
        {
            std::lock_guard const lock{guard};
            bytes = round % 2 == 0 ? good_reply : stream;
            for (std::uint64_t changes = draw.below(4); changes > 0; --changes)
                bytes[static_cast<std::size_t>(draw.below(bytes.size()))] =
                    static_cast<char>(draw.below(8) == 0 ? draw.below(256) : 32 + draw.below(95));
        }
        e.stream = round % 4 < 2;
        auto const outcome = e.generate(context, asking());
        answers += std::holds_alternative<engine::response>(outcome) ? 1 : 0;
        if (std::holds_alternative<engine::failure>(outcome)) (void)failed(outcome);
    }
    CHECK(answers > 50);
    CHECK(answers < 250);
}

TEST_CASE("a key that a server repeats is not kept") {
    scripted::server server{[](scripted::line const& l) {
        l.read_request();
        l.write(scripted::reply(R"({"choices": [{"message": {"content": "hi"}}], "debug": "Bearer )" + key + "\"}"));
    }};
    run_context context;
    auto const got = laws::answered(plain_engine(server.url()).generate(context, asking()));
    CHECK(dump(got.raw).find(key) == std::string::npos);
    CHECK(got.raw.at("debug") == json{"Bearer <redacted>"});
    CHECK(dump(got.notes).find(key) == std::string::npos);
}

TEST_CASE("no secret that went out is kept: of headers, of extra fields, escaped or cut in pieces") {
    ::setenv("KVT_TEST_SERVICE_TOKEN", "tok-abcdefgh", 1);
    std::mutex guard;
    std::string said;
    auto const say = [&](std::string text) {
        std::lock_guard const lock{guard};
        said = std::move(text);
    };
    scripted::server server{[&](scripted::line const& l) {
        l.read_request();
        std::lock_guard const lock{guard};
        l.write(said);
    }};
    auto e = plain_engine(server.url());
    e.headers = json::of({{"X-Gateway", "Basic gate-123456"}, {"User-Agent", "kvt-tests"}});
    auto r = asking();
    r.extra_body = json::of({{"service", "use tok-abcdefgh"}, {"user", "somebody-else"}});
    auto const clean = [](std::string const& text) {
        INFO(text);
        for (auto const& secret : {std::string{"gate-123456"}, std::string{"tok-abcdefgh"}, key})
            CHECK(text.find(secret) == std::string::npos);
    };
    run_context context;
    say(scripted::reply("denied: gate-123456 with tok-abcdefgh", "403 Forbidden", "Content-Type: text/plain\r\n"));
    CHECK(failed(e.generate(context, r)).message ==
          "HTTP request failed with status 403: denied: <redacted> with <redacted>");
    say(scripted::reply(
        R"({"choices": [{"message": {"content": "hi"}}], "echo": ["Basic gate-123456", "\u0074ok-abcdefgh", "kvt-tests"]})"));
    auto const whole = laws::answered(e.generate(context, r));
    clean(dump(whole.raw));
    clean(dump(whole.notes));
    CHECK(whole.raw.at("echo") == json::list({"<redacted>", "<redacted>", "kvt-tests"}));
    CHECK(whole.notes.at("request").at("service") == json{"use <redacted>"});
    CHECK(whole.notes.at("request").at("user") == json{"somebody-else"});
    say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        "data: {\"choices\": [{\"delta\": {\"content\": \"it is gate-\"}}]}\n\n"
        "data: {\"choices\": [{\"delta\": {\"content\": \"123456\"}}]}\n\ndata: [DONE]\n\n");
    e.stream = true;
    auto const streamed = laws::answered(e.generate(context, r));
    CHECK(streamed.text == "it is <redacted>");
    clean(dump(streamed.raw));
}

TEST_CASE("nothing is sent to the host that takes no extras") {
    // the host is fixed, so what would be sent is seen from the outside of the engine
    engine::openai official;
    CHECK(official.proves() == evidence::none);
    official.kv_transport = engine::kv_transport::kv;
    CHECK(official.proves() == evidence::none);
}

TEST_CASE("configurations that cannot work are refused, without the key") {
    run_context context;
    CHECK_THROWS_WITH_AS(
        (void)plain_engine("nonsense").generate(context, asking()),
        "engine.base_url: \"nonsense\" is not a usable URL; expected http://host[:port]/path or https://host[:port]/path",
        error);
    auto e = plain_engine("http://127.0.0.1:1");
    e.headers = json::of({{"X", 5}});
    CHECK_THROWS_AS((void)e.generate(context, asking()), error);
    e.headers = {};
    e.ca_file = "/nonexistent.pem";
    e.base_url = "https://127.0.0.1:1";
    CHECK_THROWS_AS((void)e.generate(context, asking()), error);
    ::setenv("KVT_TEST_KEY", "sk-broken-key\r\nX: y", 1);
    e.base_url = "http://127.0.0.1:1";
    auto const said = refusal([&] { (void)e.generate(context, asking()); });
    CHECK_FALSE(said.empty());
    CHECK_FALSE(holds(said, "broken"));
}

TEST_CASE("https with a certificate of one's own") {
    std::signal(SIGPIPE, SIG_IGN);
    certificates::pair const own{"server", "IP:127.0.0.1", nullptr};
    certificates::pem_file const trusted{own};
    certificates::tls_server server{own, good_reply};
    auto e = plain_engine(server.url());
    run_context context;
    auto const refused = failed(e.generate(context, asking()));
    CHECK(refused.kind == failure_kind::network);
    CHECK(refused.message.find("certificate refused: self-signed certificate") != std::string::npos);
    e.ca_file = trusted.path();
    CHECK(laws::answered(e.generate(context, asking())).text == "hi");
}

TEST_CASE("against kvt's own server: receipts, verified, in every form") {
    run_context context;
    parrot::streaming const bird;
    engine::server server{bird, context};
    auto e = plain_engine(server.url());
    e.kv_transport = engine::kv_transport::automatic;
    e.model = "";
    CHECK(e.proves() == evidence::receipts);
    auto r = asking();
    r.kv.policy = "streaming_llm";
    r.kv.budget = 0.5;
    r.kv.item = "example-1";
    r.max_tokens = 2;
    auto const direct = laws::answered(bird.generate(context, r));
    for (bool const stream : {false, true})
        for (auto const endpoint : {engine::api::chat, engine::api::completions}) {
            CAPTURE(stream);
            e.stream = stream;
            e.endpoint = endpoint;
            auto const got = laws::answered(e.generate(context, r));
            laws::same_answer(direct, [&] {
                auto copy = got;
                if (!direct.usage.total_tokens) copy.usage.total_tokens.reset();
                return copy;
            }());
            CHECK(got.proof == evidence::receipts);
            CHECK(got.sent == engine::budget_sent::yes);
            CHECK(cache::receipt_text(*got.receipt) == cache::receipt_text(*direct.receipt));
            CHECK(got.raw.at("kv").at("receipt") == json::of({{"hash", got.receipt->hash}}));
            CHECK(got.ttfb_s.has_value() == stream);
            laws::engine_laws(e, context, r);
        }
    r.kv.policy = "nothing";
    auto const unknown = failed(e.generate(context, r));
    CHECK(unknown.http_status == 400);
    CHECK(unknown.message.find("expected one of full, snapkv") != std::string::npos);
}

TEST_CASE("a server that proves less is believed less") {
    run_context context;
    parrot::whole const vague{.gives = evidence::acknowledged}, blind{.gives = evidence::none};
    engine::server some{vague, context}, none{blind, context};
    auto r = asking();
    r.kv.policy = "streaming_llm";
    r.kv.budget = 0.5;
    auto e = plain_engine(some.url());
    e.kv_transport = engine::kv_transport::automatic;
    e.model = "";
    CHECK(e.proves() == evidence::acknowledged);
    auto const echoed = laws::answered(e.generate(context, r));
    CHECK(echoed.proof == evidence::acknowledged);
    CHECK(echoed.kv_retained_tokens == 2);
    e.base_url = none.url();
    CHECK(e.proves() == evidence::none);
    auto const nothing = laws::answered(e.generate(context, r));
    CHECK(nothing.proof == evidence::none);
    CHECK(nothing.sent == engine::budget_sent::yes);
    e.kv_transport = engine::kv_transport::none;
    CHECK(laws::answered(e.generate(context, r)).sent == engine::budget_sent::no);
}
