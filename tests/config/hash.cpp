#include <kvt/config/hash.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("secrets are recognised by their keys") {
    for (auto key : {"api_key", "API_KEY", "Authorization", "password", "secret", "token", "access_token", "my_api_key",
                     "db_password", "x_TOKEN"})
        CHECK(config::is_secret_key(key));
    for (auto key : {"api_key_env", "max_tokens", "tokenizer", "max_token_len", "secrets", "keytoken"})
        CHECK(!config::is_secret_key(key));
}

TEST_CASE("secrets do not show and do not change the hash") {
    auto const with = [](char const* secret) {
        return json::of(
            {{"_internal", 1},
             {"engine", json::of({{"headers", json::of({{"Authorization", secret}})}, {"max_tokens", 3}})}});
    };
    CHECK(config::config_hash(with("a")) == config::config_hash(with("b")));
    CHECK(dump(config::redacted(with("a"))) ==
          R"({"engine":{"headers":{"Authorization":"<redacted>"},"max_tokens":3}})");
    auto const asking = [](int hidden) {  // below the top, keys with `_` are settings
        return json::of(
            {{"engine", json::of({{"request", json::of({{"extra_body", json::of({{"_hidden", hidden}})}})}})}});
    };
    CHECK(config::config_hash(asking(1)) != config::config_hash(asking(2)));
    CHECK(dump(config::printable(asking(1))) == R"({"engine":{"request":{"extra_body":{"_hidden":1}}}})");
    auto const header = json::of({{"X-Api-Key", "s"}, {"list", json::list({json::of({{"password", "p"}})})}});
    CHECK(dump(config::printable(header)) == R"({"X-Api-Key":"<redacted>","list":[{"password":"<redacted>"}]})");
}
