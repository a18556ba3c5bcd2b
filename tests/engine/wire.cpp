#include <doctest/doctest.h>

#include <kvt/engine/wire.hpp>

using namespace kvt;
using engine::api;

namespace {

engine::failure refused(engine::outcome const& o) {
    REQUIRE(std::holds_alternative<engine::failure>(o));
    return std::get<engine::failure>(o);
}

}  // namespace

TEST_CASE("request bodies hold what was asked, in order, and the extra fields win") {
    engine::request r;
    r.model = "m";
    r.messages = {{"user", "hi"}};
    r.max_tokens = 8;
    CHECK(dump(engine::request_body(r, api::chat, engine::kv_transport::none, engine::delivery::whole)) ==
          R"({"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.0,"max_tokens":8})");
    r.seed = 3;
    r.extra_body = json::of({{"max_tokens", 9}, {"x", "y"}});
    auto const streamed =
        engine::request_body(r, api::completions, engine::kv_transport::kv, engine::delivery::streamed);
    CHECK(streamed.at("prompt") == json{"hi"});
    CHECK(streamed.find("messages") == nullptr);
    CHECK(streamed.at("max_tokens") == json{9});
    CHECK(streamed.at("seed") == json{3});
    CHECK(streamed.at("stream") == json{true});
    CHECK(streamed.at("kv").at("policy") == json{"full"});
    CHECK(streamed.at("kv").at("receipt") == json{"full"});
    CHECK(streamed.at("x") == json{"y"});
}

TEST_CASE("two budgets' bodies differ only in the budget") {
    engine::request r;
    r.model = "m";
    r.prompt = "p";
    r.endpoint = api::completions;
    r.kv.policy = "snapkv";
    auto one = engine::request_body(r, api::completions, engine::kv_transport::kv, engine::delivery::whole);
    r.kv.budget = 0.2;
    auto other = engine::request_body(r, api::completions, engine::kv_transport::kv, engine::delivery::whole);
    CHECK(!(one == other));
    one["kv"]["budget"] = 0.2;
    CHECK(one == other);
}

TEST_CASE("headers: configured ones over ours, the key last") {
    auto const list =
        engine::request_headers(json::of({{"content-type", "text/x"}, {"authorization", "old"}, {"X", "1"}}), "k");
    REQUIRE(list.size() == 3);
    CHECK(list[0].value == "text/x");
    CHECK(list[1].name == "X");
    CHECK(list[2].name == "Authorization");
    CHECK(list[2].value == "Bearer k");
    CHECK(engine::request_headers(json{}, "").size() == 1);
    CHECK_THROWS_AS((void)engine::request_headers(json::of({{"X", 1}}), ""), error);
}

TEST_CASE("replies of both endpoints") {
    auto const chat = engine::read_reply(
        parse_json(R"({"id": "i", "model": "m", "choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2}})"),
        api::chat, {});
    REQUIRE(std::holds_alternative<engine::response>(chat));
    auto const& r = std::get<engine::response>(chat);
    CHECK(r.text == "hi");
    CHECK(r.finish_reason == "stop");
    CHECK(r.usage.total_tokens == 5);
    CHECK(r.notes.at("model") == json{"m"});
    CHECK(r.notes.at("response_id") == json{"i"});
    CHECK(r.raw.at("id") == json{"i"});
    auto const text = engine::read_reply(parse_json(R"({"choices": [{"text": "hi"}]})"), api::completions, {});
    CHECK(std::get<engine::response>(text).text == "hi");
    auto const none = engine::read_reply(parse_json(R"({"choices": [{"message": {"content": null}}]})"), api::chat, {});
    CHECK(!std::get<engine::response>(none).text);
}

TEST_CASE("replies that are none") {
    for (auto const* text :
         {"{}", R"({"choices": []})", R"({"choices": {}})", R"({"choices": null})",
          R"({"choices": [{"message": {"content": 5}}]})", R"({"choices": [{"message": {"content": ["a"]}}]})"}) {
        CAPTURE(text);
        auto const f = refused(engine::read_reply(parse_json(text), api::chat, {}));
        CHECK(f.kind == engine::failure_kind::malformed);
        CHECK(f.message.starts_with("malformed reply: "));
    }
    CHECK(
        refused(engine::read_reply(parse_json(R"({"error": {"message": "no such model"}})"), api::chat, {})).message ==
        "malformed reply: no choices; the server said: no such model");
    // odd shapes inside are read as absent
    auto const odd = engine::read_reply(
        parse_json(
            R"({"id": 5, "model": {}, "choices": [{"message": "x", "finish_reason": 3}, 4], "usage": {"prompt_tokens": -1, "completion_tokens": "2"}})"),
        api::chat, {});
    REQUIRE(std::holds_alternative<engine::response>(odd));
    CHECK(std::get<engine::response>(odd).text == "");
    CHECK(!std::get<engine::response>(odd).finish_reason);
    CHECK(!std::get<engine::response>(odd).usage.prompt_tokens);
}

TEST_CASE("chunks add up to the reply that would have come whole") {
    engine::stream_reader chat{api::chat};
    std::string text;
    for (auto const* chunk :
         {R"({"id": "i", "model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})",
          R"({"id": "i", "model": "m", "choices": [{"index": 0, "delta": {"content": "he"}, "finish_reason": null}]})",
          R"({"id": "i", "choices": [{"index": 1, "delta": {"content": "other"}}]})",
          R"({"choices": [{"index": 0, "delta": {"content": "llo"}}]})", R"({"choices": []})",
          R"({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "kv": {"budget": 0.5}})",
          R"({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}})"})
        text += chat.add(parse_json(chunk));
    CHECK(text == "hello");
    CHECK(chat.finished());
    auto const r = std::get<engine::response>(engine::read_reply(
        chat.whole(), api::chat, {.policy = "full", .parameters = {}, .budget = 0.5, .mode = {}, .item = {}}));
    CHECK(r.text == "hello");
    CHECK(r.finish_reason == "stop");
    CHECK(r.usage.total_tokens == 3);
    CHECK(r.proof == engine::evidence::acknowledged);

    engine::stream_reader plain{api::completions};
    CHECK(plain.add(parse_json(R"({"choices": [{"text": "a"}]})")) == "a");
    CHECK(!plain.finished());
    CHECK(plain.add(parse_json(R"({"choices": [{"text": "b", "finish_reason": "length"}]})")) == "b");
    CHECK(std::get<engine::response>(engine::read_reply(plain.whole(), api::completions, {})).text == "ab");
    CHECK_THROWS_AS((void)plain.add(json{5}), error);
    CHECK_THROWS_WITH_AS((void)plain.add(parse_json(R"({"error": {"message": "gone"}})")), "the server broke off: gone",
                         error);
}

TEST_CASE("what a server says about a refusal, in one line") {
    CHECK(engine::error_words(R"({"error": {"message": "bad\nmodel", "type": "x"}})") == "bad model");
    CHECK(engine::error_words(R"({"error": "plain"})") == "plain");
    CHECK(engine::error_words(R"({"detail": [{"loc": 1}]})") == R"([{"loc":1}])");
    CHECK(engine::error_words(R"({"message": "m"})") == "m");
    CHECK(engine::error_words("  \r\n") == "an empty body");
    CHECK(engine::error_words("<!DOCTYPE html><html><head><title>502 Bad\nGateway</title>") ==
          "an HTML page, \"502 Bad Gateway\"");
    CHECK(engine::error_words("<html>") == "an HTML page");
    CHECK(engine::error_words("{\"half\": ") == "{\"half\":");
    CHECK(engine::error_words("busy").find("busy") == 0);
    CHECK(engine::error_words(std::string(100'000, 'x')).size() < 400);
}
