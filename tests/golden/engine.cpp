// Golden cases of the engine: URLs, bodies, replies, templates, notes, pacing, retries, the prompt guard (spec I).
#include "replay.hpp"
#include "values.hpp"

#include "../net/scripted_server.hpp"

#include <kvt/core/random.hpp>
#include <kvt/engine/notes.hpp>
#include <kvt/engine/openai.hpp>
#include <kvt/engine/transport.hpp>
#include <kvt/engine/wire.hpp>
#include <kvt/harness/limits.hpp>
#include <kvt/harness/pace.hpp>
#include <kvt/harness/retry.hpp>

#include <algorithm>

namespace {

using namespace kvt;
using golden::or_null;

std::string text_or(json const& in, std::string_view key, std::string fallback = {}) {
    auto const* found = in.find(key);
    return found != nullptr && found->is_text() ? found->text() : fallback;
}

golden::suite const base_url{"engine", "base_url", [](json const& c, golden::file const& source) {
                                 auto const& base = c.at("in").at("base_url").text();
                                 return golden::same(
                                     c.at("out"),
                                     json::of({{"normalised", engine::normalise_base_url(base)},
                                               {"chat_url", engine::endpoint_url(base, engine::api::chat)}}),
                                     source);
                             }};

golden::suite const openai_host{
    "engine", "openai_host", [](json const& c, golden::file const& source) {
        return golden::same(c.at("out"),
                            json::of({{"is_openai_host", engine::is_openai_host(c.at("in").at("base_url").text())}}),
                            source);
    }};

golden::suite const extra_body{
    "engine", "extra_body", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        auto const& context = in.at("context");
        auto const& expected = c.at("out").at("kvt");
        engine::template_values const values{context.at("kv_budget").real(), context.at("kv_policy").text(),
                                             context.at("run_id").text(), context.at("model").text(),
                                             context.at("seed").integer()};
        try {
            return golden::same(expected, json::of({{"body", engine::expand_templates(in.at("extra_body"), values)}}),
                                source);
        } catch (error const& refused) {
            auto const* name = expected.find("name");
            bool const right = name != nullptr && expected.at("error") == json{"UNKNOWN_TEMPLATE"} &&
                               refused.problem() == "unknown template {" + name->text() + "}";
            return right ? golden::verdict::pass() : golden::verdict::fail(refused.what());
        }
    }};

golden::suite const http_request{
    "engine", "http_request", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        engine::request r;
        r.model = text_or(in, "model", "m");
        r.messages = {{"user", "hi"}};
        r.max_tokens = in.find("max_tokens") != nullptr ? in.at("max_tokens").integer() : 16;
        r.temperature = in.find("temperature") != nullptr ? in.at("temperature").real() : 0;
        if (auto const* extra = in.find("extra")) r.extra_body = *extra;
        auto const* configured = in.find("headers");
        json headers = json::object{};
        for (auto const& h :
             engine::request_headers(configured != nullptr ? *configured : json{}, text_or(in, "api_key")))
            headers[h.name] = h.value;
        return golden::same(
            c.at("out"),
            json::of({{"url", engine::endpoint_url(in.at("base_url").text(), engine::api::chat)},
                      {"body", engine::request_body(r, engine::api::chat, engine::kv_transport::extra_body,
                                                    engine::delivery::whole)},
                      {"headers", headers}}),
            source);
    }};

// The engine's whole exchange with a server that says this, by a clock that gains half a second at every look.
engine::outcome ask_server_that_says(json const& reply) {
    scripted::server const server{[text = scripted::reply(dump(reply))](scripted::line const& l) {
        l.read_request();
        l.write(text);
    }};
    engine::openai asking;
    asking.base_url = server.url();
    asking.api_key_env = "";
    asking.kv_transport = engine::kv_transport::extra_body;  // no question about its abilities first
    run_context context;
    context.clock.seconds = [] {
        static double now = 0;
        return now += 0.5;
    };
    engine::request asked;
    asked.messages = {{"user", "hi"}};
    return asking.generate(context, asked);
}

// kvt keeps the counts of a reply's usage, not the object.
json usage_json(engine::token_usage const& usage) {
    json out;
    auto const counts = to_json(usage);
    for (auto const& [name, count] : counts.members())
        if (!count.is_null()) out[name] = count;
    return out;
}

// Where the reference reads an empty text from a reply without choices, kvt has the error `malformed reply` (spec I4);
// it adds up a total that the server left out, and notes the request.
golden::suite const http_reply{
    "engine", "http_reply", [](json const& c, golden::file const& source) {
        auto const& reply = c.at("in").at("reply");
        auto const* choices = reply.find("choices");
        auto const outcome = ask_server_that_says(reply);
        if (choices == nullptr || choices->size() == 0) {
            auto const* failed = std::get_if<engine::failure>(&outcome);
            bool const right = failed != nullptr && failed->kind == engine::failure_kind::malformed &&
                               failed->message.starts_with("malformed reply");
            return right ? golden::verdict::pass() : golden::verdict::fail("accepted without choices");
        }
        if (auto const* failed = std::get_if<engine::failure>(&outcome)) return golden::verdict::fail(failed->message);
        auto r = std::get<engine::response>(outcome);
        if (!r.notes.erase("request")) return golden::verdict::fail("the request is not noted");
        if (r.notes.size() == 0) r.notes = {};
        json const telemetry = json::of({{"latency_s", r.latency_s},
                                         {"ttfb_s", or_null(r.ttfb_s)},
                                         {"prompt_tokens", or_null(r.usage.prompt_tokens)},
                                         {"completion_tokens", or_null(r.usage.completion_tokens)},
                                         {"total_tokens", or_null(r.usage.total_tokens)},
                                         {"finish_reason", or_null(r.finish_reason)},
                                         {"notes", r.notes}});
        return golden::same(c.at("out"),
                            json::of({{"text", or_null(r.text)},
                                      {"finish_reason", or_null(r.finish_reason)},
                                      {"usage", usage_json(r.usage)},
                                      {"telemetry_with_latency_0.5", telemetry}}),
                            source);
    }};

golden::suite const note_truncation{"engine", "note_truncation", [](json const& c, golden::file const& source) {
                                        auto const& in = c.at("in");
                                        auto const cut = engine::cut_strings(
                                            in.at("value"), static_cast<std::size_t>(in.at("max_len").integer()));
                                        return golden::same(c.at("out"), json::of({{"truncated", cut}}), source);
                                    }};

golden::suite const prompt_cap{
    "engine", "prompt_cap", [](json const& c, golden::file const& source) {
        json settings = c.at("in").at("settings");
        settings["engine"] = json::of(
            {{"base_url", c.at("in").at("openai_host").boolean() ? "https://api.openai.com" : "http://localhost"}});
        try {
            return golden::same(c.at("out"), json::of({{"cap", or_null(harness::read_prompt_cap(settings))}}), source);
        } catch (error const&) {
            return golden::same(c.at("out"), json::of({{"error", "BAD_CAP"}}), source);
        }
    }};

golden::suite const pacing{"engine", "pacing", [](json const& c, golden::file const& source) {
                               json settings = c.at("in").at("settings");
                               auto const interval = [](std::optional<std::int64_t> rpm) {
                                   return rpm ? json{harness::pace_interval_s(*rpm)} : json{};
                               };
                               auto const rpm = harness::read_requests_per_minute(settings);
                               settings.erase("rate_limit");  // the reference does not read the section
                               auto const reference = harness::read_requests_per_minute(settings);
                               return golden::same(c.at("out"),
                                                   json::of({{"reference_rpm", or_null(reference)},
                                                             {"reference_interval_s", interval(reference)},
                                                             {"kvt_rpm", or_null(rpm)},
                                                             {"kvt_interval_s", interval(rpm)}}),
                                                   source);
                           }};

golden::suite const retry_config{
    "engine", "retry_config", [](json const& c, golden::file const& source) {
        auto const p = harness::read_retries(c.at("in").at("retries"));
        json::array status, limited, tokens;
        for (std::int64_t attempt = 1; attempt < p.max_attempts; ++attempt) {
            double const plain = harness::backoff_s(p, attempt, "rate limit reached");
            status.push_back(std::min(plain, 60.0));  // the reference holds every wait after a 429 to a minute
            limited.push_back(plain);
            tokens.push_back(harness::backoff_s(p, attempt, "limit on tokens per min reached"));
        }
        return golden::same(c.at("out"),
                            json::of({{"max_attempts", p.max_attempts},
                                      {"backoff_base_s", p.backoff_base_s},
                                      {"backoff_max_s", p.backoff_max_s},
                                      {"status_429_no_header_sleeps", status},
                                      {"text_rate_limit_centre_sleeps", limited},
                                      {"text_tpm_centre_sleeps", tokens}}),
                            source);
    }};

golden::suite const jitter{
    "engine", "kvt_jitter", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        auto const seed = in.at("seed").integer(), attempt = in.at("attempt").integer();
        auto const& id = in.at("request_id").text();
        double const raw = in.at("raw_s").real(), sleep = harness::jittered_s(raw, seed, id, attempt);
        return golden::same(c.at("out"), json::of({{"unit", (sleep / raw - 0.5)}, {"sleep_s", sleep}}), source);
    }};

golden::suite const retry_after{
    "engine", "retry_after", [](json const& c, golden::file const& source) {
        auto const& header = c.at("in").at("retry_after");
        engine::failure failed{
            engine::failure_kind::http, "HTTP request failed with status 429: slow down", 429, {}, 0};
        if (header.is_text()) failed.retry_after_s = net::retry_after_seconds(header.text());
        json const sleep = failed.retry_after_s ? json{harness::wait_s({}, failed, 1, 1337, "r")} : json{};
        return golden::same(c.at("out"), json::of({{"seconds", or_null(failed.retry_after_s)}, {"sleep_s", sleep}}),
                            source);
    }};

}  // namespace
