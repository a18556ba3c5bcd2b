#include <doctest/doctest.h>

#include <kvt/engine/transport.hpp>

using namespace kvt;

TEST_CASE("base URLs and endpoints") {
    CHECK(engine::normalise_base_url("http://h:8000//") == "http://h:8000/v1");
    CHECK(engine::normalise_base_url("http://h/api/v1/") == "http://h/api/v1");
    CHECK(engine::normalise_base_url("///") == "/v1");
    CHECK(engine::endpoint_url("http://h", engine::api::chat) == "http://h/v1/chat/completions");
    CHECK(engine::endpoint_url("http://h/v1", engine::api::completions) == "http://h/v1/completions");
}

TEST_CASE("one host takes no extras, however it is written") {
    for (auto const* url : {"https://api.openai.com", "https://API.openai.com/v1", "http://api.openai.com:8443/x",
                            "https://api.openai.com./v1"})
        CHECK(engine::is_openai_host(url));
    for (auto const* url : {"https://api.openai.com.evil.net", "https://eu.api.openai.com", "api.openai.com", "",
                            "http://localhost/api.openai.com"})
        CHECK(!engine::is_openai_host(url));
}

TEST_CASE("extra fields know whether they carry the budget, and never reach the host that takes none") {
    engine::request r;
    engine::put_extra_body(r, parse_json(R"({"keep": "{kv_budget}"})"), {0.2, {}, {}, {}, {}});
    CHECK(r.extra_body == json::of({{"keep", 0.2}}));
    CHECK(r.extra_body_budget == engine::budget_sent::yes);
    CHECK(engine::fit_for_host(r, "http://localhost").extra_body_budget == engine::budget_sent::yes);
    auto const official = engine::fit_for_host(r, "https://api.openai.com/v1");
    CHECK(official.extra_body.is_null());
    CHECK(official.extra_body_budget == engine::budget_sent::no);
    engine::put_extra_body(r, parse_json(R"({"top_p": 0.2})"), {0.2, {}, {}, {}, {}});
    CHECK(r.extra_body_budget == engine::budget_sent::no);
    engine::put_extra_body(r, json{"{kv_budget}"}, {});  // no mapping: nothing goes out
    CHECK(r.extra_body_budget == engine::budget_sent::no);
}

TEST_CASE("templates are filled in at any depth, with their types") {
    engine::template_values const values{0.2, "snapkv", "g_budget_0.2", "m", std::nullopt};
    auto const body = parse_json(R"({"b": "{kv_budget}", "list": ["{kv.policy}", {"deep": "x{kv_budget}y{model}"}],
                                     "seed": "{seed}", "{model}": "key stays", "json": "{\"a\": 1}", "open": "{kv_budget", "n": 1})");
    CHECK(engine::expand_templates(body, values) ==
          parse_json(R"({"b": 0.2, "list": ["snapkv", {"deep": "x0.2ym"}], "seed": null, "{model}": "key stays",
                         "json": "{\"a\": 1}", "open": "{kv_budget", "n": 1})"));
    CHECK(engine::expand_templates(json{"{kv_budget}"}, values) == json{json::object{}});
    CHECK(engine::expand_templates(json{}, values) == json{json::object{}});
}

TEST_CASE("unknown templates are refused by key and name") {
    engine::template_values const values{};
    CHECK_THROWS_WITH_AS(
        (void)engine::expand_templates(parse_json(R"({"a": [{"b": "x {kv_buget}"}]})"), values),
        "engine.request.extra_body.a[0].b: unknown template {kv_buget}; expected one of {kv_budget}, {kv_policy}, "
        "{run_id}, {model}, {seed}",
        error);
}

TEST_CASE("whether a body carries the budget") {
    CHECK(engine::sends_budget(parse_json(R"({"a": {"b": [1, "{kv_budget}"]}})")));
    CHECK(engine::sends_budget(parse_json(R"({"a": "keep {kv.budget} of it"})")));
    CHECK(!engine::sends_budget(parse_json(R"({"a": "{kv_policy}", "kv_budget": 0.2})")));
    CHECK(!engine::sends_budget(json{}));
}
