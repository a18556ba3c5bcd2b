#include <doctest/doctest.h>

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/engine/server.hpp>
#include <kvt/net/http_client.hpp>
#include <kvt/net/sse.hpp>
#include <kvt/text/utf8.hpp>

#include <engine/parrot.hpp>

#include <thread>

using namespace kvt;

namespace {

struct got {
    std::int64_t status = 0;
    net::headers headers;
    std::string text;
    json body;
    [[nodiscard]] std::string message() const { return body.at("error").at("message").text(); }
};

got call(engine::server const& server, std::string const& path, std::string body = {}, std::string method = "POST") {
    auto const result = net::http_client{}.send(
        {std::move(method), server.url() + path, {{"Content-Type", "application/json"}}, std::move(body)},
        {.timeout_s = 20});
    if (auto const* failed = std::get_if<net::http_failure>(&result)) FAIL(failed->message);
    auto const& reply = std::get<net::http_reply>(result);
    got out{reply.status, reply.headers, reply.body, {}};
    if (reply.body.starts_with('{')) out.body = parse_json(reply.body);
    return out;
}
/// The data of the events of a streamed reply.
std::vector<std::string> events(got const& g) {
    CHECK(*net::find_header(g.headers, "Content-Type") == "text/event-stream");
    net::sse_parser parser;
    std::vector<net::sse_event> list;
    REQUIRE(parser.feed(g.text, list));
    std::vector<std::string> out;
    for (auto const& e : list) out.push_back(e.data);
    return out;
}

char const* const chat_path = "/v1/chat/completions";
char const* const text_path = "/v1/completions";

}  // namespace

TEST_CASE("whole answers of both endpoints, with usage, finish reason and a receipt summary") {
    run_context context;
    parrot::whole const bird;
    engine::server server{bird, context};
    auto const plain = call(
        server, text_path,
        R"({"model": "polly", "prompt": "a b c d", "max_tokens": 2, "kv": {"policy": "streaming_llm", "budget": 0.5}})");
    CHECK(plain.status == 200);
    CHECK(plain.body.at("object") == json{"text_completion"});
    CHECK(plain.body.at("model") == json{"polly"});
    auto const& choice = plain.body.at("choices").items().front();
    CHECK(choice.at("text") == json{"c d"});
    CHECK(choice.at("finish_reason") == json{"length"});
    CHECK(plain.body.at("usage") == parse_json(R"({"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6})"));
    auto const& kv = plain.body.at("kv");
    CHECK(kv.at("policy") == json{"streaming_llm"});
    CHECK(kv.at("budget") == json{0.5});
    CHECK(kv.at("evidence") == json{"receipts"});
    CHECK(kv.at("kv_total_tokens") == json{4});
    CHECK(kv.at("kv_retained_tokens") == json{2});
    CHECK(kv.at("receipt").at("bytes_kept") == json{64});
    CHECK(kv.at("receipt").find("heads") == nullptr);

    auto const chat = call(
        server, chat_path,
        R"({"messages": [{"role": "system", "content": "a b"}, {"role": "user", "content": "c"}], "kv": {"receipt": "full"}})");
    CHECK(chat.status == 200);
    CHECK(chat.body.at("object") == json{"chat.completion"});
    auto const& message = chat.body.at("choices").items().front().at("message");
    CHECK(message.at("role") == json{"assistant"});
    CHECK(message.at("content") == json{"a b c"});
    auto const problem = cache::verify_text(dump(chat.body.at("kv").at("receipt"), json_style::canonical));
    CHECK_MESSAGE(!problem, problem.value_or(""));
    CHECK(!(chat.body.at("id") == plain.body.at("id")));
}

TEST_CASE("streamed answers, by an engine that streams and by one that cannot") {
    run_context context;
    parrot::streaming const talker;
    parrot::whole const silent;
    engine::server fast{talker, context}, slow{silent, context};
    auto const body =
        R"({"prompt": "a b c", "stream": true, "stream_options": {"include_usage": true}, "kv": {"budget": 0.5, "policy": "streaming_llm", "receipt": "full"}})";
    for (auto const* server : {&fast, &slow}) {
        auto const data = events(call(*server, text_path, body));
        REQUIRE(data.size() == (server == &fast ? 6 : 4));
        CHECK(data.back() == "[DONE]");
        std::string text;
        for (std::size_t i = 0; i + 2 < data.size(); ++i)
            text += parse_json(data[i]).at("choices").items().front().at("text").text();
        CHECK(text == "a b c");
        auto const last = parse_json(data[data.size() - 3]);
        CHECK(last.at("choices").items().front().at("finish_reason") == json{"stop"});
        CHECK(last.at("kv").at("receipt").at("heads").size() == 1);
        auto const usage = parse_json(data[data.size() - 2]);
        CHECK(usage.at("choices").size() == 0);
        CHECK(usage.at("usage").at("total_tokens") == json{6});
    }
    auto const chat =
        events(call(fast, chat_path, R"({"messages": [{"role": "user", "content": "a b"}], "stream": true})"));
    REQUIRE(chat.size() == 5);
    CHECK(parse_json(chat[0]).at("choices").items().front().at("delta") ==
          parse_json(R"({"role": "assistant", "content": ""})"));
    CHECK(parse_json(chat[1]).at("choices").items().front().at("delta") == parse_json(R"({"content": "a"})"));
    CHECK(parse_json(chat[1]).at("object") == json{"chat.completion.chunk"});
    CHECK(parse_json(chat[3]).at("choices").items().front().at("delta") == json{json::object{}});
}

TEST_CASE("characters are never cut apart, and ill-formed bytes never reach the client") {
    run_context context;
    std::string const text = "\xC3\xA4 \xE6\xAE\xB5 \xF0\x9F\x98\x80 end\xC3";
    parrot::streaming const talker{.answer = text};
    engine::server server{talker, context};
    std::string joined;
    for (auto const& data : events(call(server, text_path, R"({"prompt": "x", "stream": true})"))) {
        CHECK(text::is_utf8(data));
        if (data != "[DONE]") joined += parse_json(data).at("choices").items().front().at("text").text();
    }
    std::string const repaired = text.substr(0, text.size() - 1) + "\xEF\xBF\xBD";
    CHECK(joined == repaired);
    CHECK(call(server, text_path, R"({"prompt": "x"})").body.at("choices").items().front().at("text") ==
          json{repaired});
}

TEST_CASE("models and health") {
    run_context context;
    parrot::whole const bird;
    engine::server server{bird, context, {.model = "pretty"}};
    auto const models = call(server, "/v1/models", "", "GET");
    CHECK(models.status == 200);
    auto const& model = models.body.at("data").items().front();
    CHECK(model.at("id") == json{"pretty"});
    CHECK(model.at("owned_by") == json{"kvt"});
    CHECK(model.at("evidence") == json{"receipts"});
    auto const health = call(server, "/health", "", "GET");
    CHECK(health.body.at("status") == json{"ok"});
    CHECK(health.body.at("engine") == json{"parrot"});
    CHECK(call(server, text_path, R"({"prompt": "x", "model": "pretty"})").status == 200);
    CHECK(call(server, text_path, R"({"prompt": "x", "model": "polly"})").status == 404);
}

TEST_CASE("refusals have OpenAI's shape and one clear line") {
    run_context context;
    parrot::whole const bird;
    engine::server server{bird, context, {.http = {.max_body_bytes = 5000}}};
    auto const refuses = [&](char const* body, std::int64_t status, std::string_view param, std::string_view words) {
        auto const g = call(server, text_path, body);
        CAPTURE(g.text);
        CHECK(g.status == status);
        CHECK(*net::find_header(g.headers, "Content-Type") == "application/json");
        auto const& e = g.body.at("error");
        CHECK(e.at("type") == json{"invalid_request_error"});
        CHECK(e.at("param") == json{param});
        CHECK(g.message().find(words) != std::string::npos);
        CHECK(g.message().find('\n') == std::string::npos);
    };
    refuses("{\"prompt\": ", 400, "body", "not JSON");
    refuses("", 400, "body", "not JSON");
    refuses("\xFF\xFE", 400, "body", "not JSON");
    refuses("[1]", 400, "body", "found a list");
    refuses(R"({"prompt": 5})", 400, "prompt", "expected a string");
    refuses(R"({"prompt": "x", "kv": {"policy": "snapk"}})", 400, "kv.policy",
            "unknown name \"snapk\" (did you mean snapkv?); expected one of full, snapkv, h2o, streaming_llm, random");
    refuses(R"({"prompt": "x", "kv": {"polcy": "snapkv"}})", 400, "kv.polcy", "did you mean \"policy\"");
    refuses(R"({"prompt": "x", "kv": {"budget": -0.2}})", 400, "kv.budget", "-0.2 is out of range");
    refuses(R"({"prompt": "x", "kv": {"budget": 1e999}})", 400, "body", "not JSON");
    refuses(R"({"prompt": "x", "kv": {"policy": "snapkv", "parameters": {"windw": 3}}})", 400, "kv.policy.snapkv.windw",
            "unknown key");
    refuses(R"({"prompt": "x", "model": "gpt"})", 404, "model", "polly");

    auto const wrong = call(server, text_path, "", "GET");
    CHECK(wrong.status == 405);
    CHECK(*net::find_header(wrong.headers, "Allow") == "POST");
    CHECK(wrong.message() == "GET is not allowed here; use POST");
    CHECK(call(server, "/health", "", "DELETE").status == 405);
    auto const unknown = call(server, "/v1/embeddings", "{}");
    CHECK(unknown.status == 404);
    CHECK(unknown.message().find("/v1/chat/completions") != std::string::npos);
    auto const large = call(server, text_path, std::string(6000, ' '));
    CHECK(large.status == 413);
    CHECK(large.message() == "request body too large");
    auto const long_header =
        net::http_client{}.send({"GET", server.url() + "/health", {{"X", std::string(20000, 'x')}}, ""}, {});
    CHECK(std::get<net::http_reply>(long_header).status == 431);
}

TEST_CASE("an engine's failures get statuses, in a begun stream an event") {
    run_context context;
    auto const status = [&](engine::failure f) {
        parrot::whole const bird{.always = std::move(f)};
        engine::server server{bird, context};
        return call(server, text_path, R"({"prompt": "x"})").status;
    };
    CHECK(status({engine::failure_kind::timeout, "timed out", {}, {}, 0}) == 504);
    CHECK(status({engine::failure_kind::network, "gone", {}, {}, 0}) == 502);
    CHECK(status({engine::failure_kind::malformed, "odd", {}, {}, 0}) == 502);
    CHECK(status({engine::failure_kind::http, "busy", 429, {}, 0}) == 429);
    CHECK(status({engine::failure_kind::refused, "maximum context length", {}, {}, 0}) == 400);

    parrot::streaming const broken{.fails_after = 1}, mute{.fails_after = 0};
    engine::server begun{broken, context}, never{mute, context};
    auto const body = R"({"prompt": "a b c", "stream": true})";
    auto const data = events(call(begun, text_path, body));
    REQUIRE(data.size() == 2);
    CHECK(parse_json(data[1]).at("error").at("message") == json{"timed out: halfway"});
    CHECK(call(never, text_path, body).status == 504);
    CHECK(call(begun, text_path, R"({"prompt": "x", "stream": true, "kv": {"policy": "none"}})").status == 400);
}

TEST_CASE("serving ends when the context is asked to stop") {
    run_context context;
    parrot::whole const bird;
    std::string url;
    std::thread stopper{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        context.request_stop();
    }};
    engine::serve(bird, context, {}, [&](std::string const& u) { url = u; });
    stopper.join();
    CHECK(url.starts_with("http://127.0.0.1:"));
    CHECK(std::holds_alternative<net::http_failure>(net::http_client{}.send({"GET", url + "/health", {}, ""}, {})));
}
