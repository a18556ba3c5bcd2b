#include <doctest/doctest.h>

#include <kvt/engine/served_request.hpp>

#include <support/refusal.hpp>

using namespace kvt;
using engine::api;

namespace {

std::string refused(std::string_view body, api endpoint = api::completions) {
    return refusal([&] { (void)engine::read_served_request(parse_json(body), endpoint, "polly"); });
}
engine::served_request read(std::string_view body, api endpoint = api::completions) {
    return engine::read_served_request(parse_json(body), endpoint, "polly");
}

}  // namespace

TEST_CASE("bodies of both endpoints") {
    auto const plain =
        read(R"({"model": "polly", "prompt": "a b", "temperature": 0.5, "max_tokens": 3, "seed": 4, "stream": true,
        "stream_options": {"include_usage": true}, "kv": {"policy": "snapkv", "budget": 0.2, "receipt": "full"}})");
    CHECK(plain.ask.prompt == "a b");
    CHECK(plain.ask.endpoint == api::completions);
    CHECK(plain.ask.temperature == 0.5);
    CHECK(plain.ask.max_tokens == 3);
    CHECK(plain.ask.seed == 4);
    CHECK(plain.ask.kv.budget == 0.2);
    CHECK(plain.how == engine::delivery::streamed);
    CHECK(plain.asks_usage);
    CHECK(plain.receipt == engine::receipt_form::full);

    auto const chat = read(
        R"({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
        "max_completion_tokens": 5, "n": 1, "top_p": 1.0, "stop": null, "logprobs": false, "tools": [], "user": "u", "response_format": {"type": "text"}, "seed": null})",
        api::chat);
    REQUIRE(chat.ask.messages.size() == 2);
    CHECK(chat.ask.messages[1].content == "ab");
    CHECK(chat.ask.max_tokens == 5);
    CHECK(chat.ask.model == "polly");
    CHECK(chat.how == engine::delivery::whole);
    CHECK(!chat.ask.seed);
    CHECK(!chat.ask.ignore_eos);
    CHECK(read(R"({"prompt": "a", "ignore_eos": true})").ask.ignore_eos);
    CHECK(refused(R"({"prompt": "a", "ignore_eos": 1})") == "ignore_eos: found an integer; expected true or false");
}

TEST_CASE("every refusal names its key and what would be right") {
    CHECK(refused("[]").starts_with("body: found a list"));
    CHECK(refused("{}") == "prompt: is missing; expected a string");
    CHECK(refused(R"({"prompt": 5})") == "prompt: found an integer; expected a string");
    CHECK(refused(R"({"prompt": ["a"]})") == "prompt: found a list; expected a string");
    CHECK(refused(R"({"prompt": "a", "messages": []})").starts_with("messages: does not belong"));
    CHECK(refused(R"({"prompt": "a", "model": "other"})") == "model: \"other\" is not served here; expected polly");
    CHECK(refused(R"({"prompt": "a", "model": 5})").starts_with("model: found"));
    CHECK(refused(R"({"prompt": "a", "temprature": 1})") == "temprature: unknown key (did you mean \"temperature\"?)");
    CHECK(refused(R"({"prompt": "a", "kv_budget": 0.2})").find("\"kv\": {") != std::string::npos);
    CHECK(refused(R"({"prompt": "a", "temperature": -1})").starts_with("temperature: -1 is out of range"));
    CHECK(refused(R"({"prompt": "a", "temperature": "0"})").starts_with("temperature: found a string"));
    CHECK(refused(R"({"prompt": "a", "max_tokens": 0})").starts_with("max_tokens: 0 is out of range"));
    CHECK(refused(R"({"prompt": "a", "max_tokens": 1.5})").starts_with("max_tokens: found a number"));
    CHECK(refused(R"({"prompt": "a", "seed": "x"})").starts_with("seed: found"));
    CHECK(refused(R"({"prompt": "a", "stream": 1})").starts_with("stream: found"));
    CHECK(refused(R"({"prompt": "a", "stream_options": []})").starts_with("stream_options: found"));
    CHECK(refused(R"({"prompt": "a", "kv": 5})").starts_with("kv: found"));
    CHECK(refused(R"({"prompt": "a", "kv": {"bugdet": 0.2}})").find("did you mean \"budget\"") != std::string::npos);
    CHECK(refused(R"({"prompt": "a", "kv": {"question_bytes": 2}})").find("more than the prompt has") !=
          std::string::npos);
    for (auto const* text :
         {R"("n": 2)", R"("top_p": 0.9)", R"("stop": ["x"])", R"("stop": "x")", R"("logprobs": 5)", R"("tools": [{}])",
          R"("presence_penalty": 0.1)", R"("echo": true)", R"("response_format": {"type": "json_object"})"}) {
        CAPTURE(text);
        CHECK(refused(std::string{R"({"prompt": "a", )"} + text + "}").find("this server does not support") !=
              std::string::npos);
    }
}

TEST_CASE("messages are checked one by one") {
    auto const chat = [](char const* messages) {
        return refused(std::string{"{\"messages\": "} + messages + "}", api::chat);
    };
    CHECK(chat("[]").starts_with("messages: is missing or empty"));
    CHECK(chat("null").starts_with("messages: is missing or empty"));
    CHECK(chat("{}").starts_with("messages: found a mapping"));
    CHECK(chat("[5]").starts_with("messages[0]: found an integer"));
    CHECK(chat(R"([{"content": "x"}])").starts_with("messages[0].role: is missing"));
    CHECK(chat(R"([{"role": "robot", "content": "x"}])").starts_with("messages[0].role: found \"robot\""));
    CHECK(chat(R"([{"role": "user"}])").starts_with("messages[0].content: is missing"));
    CHECK(chat(R"([{"role": "user", "content": "x"}, {"role": "user", "content": null}])")
              .starts_with("messages[1].content: found null"));
    CHECK(chat(R"([{"role": "user", "content": [{"type": "image_url"}]}])")
              .starts_with("messages[0].content: a part that is not text"));
    CHECK(chat(R"([{"role": "user", "content": "x", "tool_calls": []}])") == "messages[0].tool_calls: unknown key");
    CHECK(refused(R"({"prompt": "a", "messages": [{"role": "user", "content": "x"}]})", api::chat)
              .starts_with("prompt: does not belong"));
}
