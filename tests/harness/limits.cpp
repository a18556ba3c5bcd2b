#include <doctest/doctest.h>

#include <kvt/harness/limits.hpp>

using namespace kvt;

TEST_CASE("retries, pacing and the prompt cap are read leniently") {
    CHECK(harness::read_retries(json{}).max_attempts == 3);
    CHECK(harness::read_retries(json::of({{"max_attempts", "4"}, {"backoff_base_s", 1}})).max_attempts == 4);
    CHECK(harness::read_retries(json::of({{"backoff_base_s", true}, {"backoff_max_s", "1e9"}})).backoff_max_s == 300);
    CHECK(!harness::read_requests_per_minute(json{}));
    CHECK(harness::read_requests_per_minute(parse_json(
              R"({"run": {"pacing": {"requests_per_minute": true}}, "rate_limit": {"max_rpm": " 6 "}})")) == 6);
    CHECK(harness::read_prompt_cap(parse_json(R"({"run": {"runtime_prompt_cap": "computed", "prompt_buffer": 0}})")) ==
          8192 - 256);
    CHECK(harness::read_prompt_cap(parse_json(R"({"run": {"runtime_prompt_cap": 77}})")) == 77);
    CHECK(harness::read_prompt_cap(parse_json(R"({"run": {"runtime_prompt_cap": "+77"}})")) == 77);
    CHECK_THROWS_AS((void)harness::read_prompt_cap(parse_json(R"({"run": {"runtime_prompt_cap": 77.5}})")), error);
    CHECK(!harness::read_requests_per_minute(parse_json(R"({"rate_limit": {"max_rpm": 6.5}})")));
    CHECK_THROWS_AS((void)harness::read_prompt_cap(parse_json(R"({"run": {"runtime_prompt_cap": true}})")), error);
}
