#include <kvt/config/settings.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("policies: one name, or a list of names and parameters") {
    config::kv_settings kv;
    CHECK(dump(to_json(config::policies_of(kv).front())) == R"({"name":"snapkv","parameters":null})");
    kv.policies = json::list({"h2o", json::of({{"name", "snapkv"}, {"window", 16}}),
                              json::of({{"name", "snapkv"}, {"params", json::of({{"window", 8}})}})});
    auto const all = config::policies_of(kv);
    REQUIRE(all.size() == 3);
    CHECK(all[0].name == "h2o");
    CHECK(dump(all[1].parameters) == R"({"window":16})");
    CHECK(dump(all[2].parameters) == R"({"window":8})");
    kv.policies = json::list({"h2o", json::of({{"window", 16}})});
    CHECK_THROWS_WITH_AS((void)config::policies_of(kv),
                         "kv.policies[1]: found a mapping; expected a policy's name, or {name: ..., parameters}",
                         error);
    kv.policies = json::array{};
    CHECK_THROWS_AS((void)config::policies_of(kv), error);
}

TEST_CASE("the prompt's form is the key `template`") {
    auto const form = from_json<config::prompt_settings>(json::of({{"template", "raw"}}));
    CHECK(form.form == "raw");
    CHECK(dump(to_json(form)) == R"({"template":"raw"})");
}

TEST_CASE("what stands in for what") {
    config::settings s;
    CHECK(config::max_tokens_of(s) == 256);
    s.generation.max_tokens = 9;
    CHECK(config::max_tokens_of(s) == 9);
    CHECK(config::tokenizer_name_of(s) == "${MODEL_NAME}");
    s.tokenizer.name = "t";
    CHECK(config::tokenizer_name_of(s) == "t");
    CHECK(s.scoring.f1_overlap == config::token_overlap::multiset);
}
