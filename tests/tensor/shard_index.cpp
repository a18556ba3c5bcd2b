#include "fixtures.hpp"

#include <kvt/tensor/shard_index.hpp>

#include <doctest/doctest.h>

using kvt::tensor::parse_shard_index;

TEST_CASE("an index names shards and their tensors, and nothing outside its folder") {
    auto const index = parse_shard_index(
        R"({"metadata":{"total_size":12},"weight_map":{"b":"2.safetensors","a":"1.safetensors","c":"1.safetensors"}})",
        "i");
    REQUIRE(index.shards.size() == 2);
    CHECK(index.shards.begin()->first == "1.safetensors");
    CHECK(index.shards.begin()->second == std::set<std::string, std::less<>>{"a", "c"});
    CHECK(index.total_size == 12);
    auto const reason = [](std::string const& text) {
        auto const e = error_of([&] { (void)parse_shard_index(text, "i"); });
        return e ? fixtures::reason_in(e->problem()) : "accepted";
    };
    CHECK(reason(R"({"weight_map":{}})") == "accepted");
    CHECK(reason(R"({"weight_map":[]})") == "index_schema");
    CHECK(reason(R"({"weight_map":{"a":1}})") == "index_schema");
    CHECK(reason("[") == "index_schema");
    CHECK(reason("") == "index_schema");
    CHECK(reason(R"({"weight_map":{"a":"s","\u0061":"s"}})") == "duplicate_key");
    for (auto const* name : {"", ".", "..", "a/b", "/a", "../a", "a\\\\b", "a\\u0000b"})
        CHECK(reason(std::string{R"({"weight_map":{"a":")"} + name + R"("}})") == "bad_shard_name");
}
