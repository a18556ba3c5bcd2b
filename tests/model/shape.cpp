#include "small_model.hpp"

#include <kvt/model/shape.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <algorithm>

using kvt::json;
using kvt::model::shape_from_config;

namespace {

json config() {
    return json::of({{"model_type", "llama"},
                     {"vocab_size", 100},
                     {"hidden_size", 64},
                     {"intermediate_size", 128},
                     {"num_hidden_layers", 2},
                     {"num_attention_heads", 4}});
}
std::string complaint(char const* key, json value) {
    auto c = config();
    c[key] = std::move(value);
    auto const e = error_of([&] { (void)shape_from_config(c, "c.json"); });
    REQUIRE(e);
    CHECK(e->exit_code() == 2);
    return e->what();
}

}  // namespace

TEST_CASE("the built-in model's config.json") {
    auto const s = shape_from_config(kvt::read_json_file(small::recall() + "/config.json"));
    CHECK(s.vocab_size == 256);
    CHECK(s.head_dim == 64);
    CHECK(s.group_size() == 2);
    CHECK(s.kv_head_of(3) == 1);
    CHECK(s.rope_theta == 1e8);
    CHECK(s.tie_word_embeddings);
    CHECK(s.eos_token_ids == std::vector<std::int32_t>{2});
    auto const again = shape_from_config(to_config(s));
    CHECK(kvt::to_json(again) == kvt::to_json(s));
}

TEST_CASE("what config.json leaves out") {
    auto const s = shape_from_config(config());
    CHECK(s.num_key_value_heads == 4);
    CHECK(s.head_dim == 16);
    CHECK(s.rms_norm_eps == 1e-6);
    CHECK(s.rope_theta == 1e4);
    CHECK_FALSE(s.tie_word_embeddings);
    CHECK(s.eos_token_ids.empty());
    auto c = config();
    c["eos_token_id"] = json::list({2, 7});
    auto const two = shape_from_config(c);
    CHECK(two.eos_token_ids == std::vector<std::int32_t>{2, 7});
    CHECK(kvt::to_json(shape_from_config(to_config(two))) == kvt::to_json(two));
}

TEST_CASE("rotary positions as newer configs write them") {
    auto c = config();
    c["rope_parameters"] = json::of({{"rope_theta", 5e5}, {"rope_type", "default"}, {"partial_rotary_factor", 1.0}});
    CHECK(shape_from_config(c).rope_theta == 5e5);
    c["rope_theta"] = 500000;
    CHECK(shape_from_config(c).rope_theta == 5e5);
    c["rope_theta"] = 10000;
    CHECK_THROWS_WITH_AS((void)shape_from_config(c, "c.json"),
                         "c.json: rope_parameters: rope_theta: 500000.0; expected the same as rope_theta (10000.0)",
                         kvt::error);
}

TEST_CASE("every wrong value is one line naming file and key") {
    CHECK(complaint("vocab_size", nullptr) == "c.json: vocab_size: is not there; expected an integer");
    CHECK(complaint("vocab_size", "100") == "c.json: vocab_size: found a string; expected an integer");
    CHECK(complaint("vocab_size", 0) == "c.json: vocab_size: 0; expected 1 to 16777216");
    CHECK(complaint("hidden_size", std::int64_t{1} << 40) == "c.json: hidden_size: 1099511627776 is out of range");
    CHECK(complaint("num_key_value_heads", 3) ==
          "c.json: num_key_value_heads: 3; expected a divisor of num_attention_heads (4)");
    CHECK(complaint("num_key_value_heads", 0) == "c.json: num_key_value_heads: 0; expected 1 to 4");
    CHECK(complaint("num_attention_heads", 0) == "c.json: num_attention_heads: 0; expected 1 to 1024");
    CHECK(complaint("head_dim", 15) == "c.json: head_dim: 15; expected an even number");
    CHECK(complaint("rope_theta", -1) == "c.json: rope_theta: -1.0; expected a positive number");
    CHECK(complaint("rms_norm_eps", 0) == "c.json: rms_norm_eps: 0.0; expected a positive number");
    CHECK(complaint("bos_token_id", 100) == "c.json: bos_token_id: 100; expected a token of the vocabulary");
    CHECK(complaint("eos_token_id", json::list({1, 100})) ==
          "c.json: eos_token_id: 100; expected a token of the vocabulary");
    CHECK(complaint("max_position_embeddings", 0) == "c.json: max_position_embeddings: 0; expected 1 to 16777216");
    CHECK(complaint("tie_word_embeddings", 1) ==
          "c.json: tie_word_embeddings: found an integer; expected true or false");
}

TEST_CASE("other architectures are refused instead of computed wrongly") {
    CHECK(complaint("model_type", "mixtral") ==
          "c.json: model_type: another architecture (\"mixtral\"); expected llama");
    CHECK(complaint("hidden_act", "gelu") == "c.json: hidden_act: another architecture (\"gelu\"); expected silu");
    CHECK(complaint("attention_bias", true) == "c.json: attention_bias: biases are not supported; expected false");
    CHECK(complaint("rope_scaling", json::of({{"type", "linear"}})) ==
          "c.json: rope_scaling: is not supported; expected no such key");
    CHECK(complaint("partial_rotary_factor", 0.5) ==
          "c.json: partial_rotary_factor: 0.5 is not supported; expected 1.0");
    auto const rope = [](char const* text) { return complaint("rope_parameters", kvt::parse_json(text)); };
    CHECK(rope(R"({"rope_type": "llama3", "factor": 8.0, "rope_theta": 5e5})") ==
          "c.json: rope_parameters: factor: is not supported; expected no such key");
    CHECK(rope(R"({"rope_type": "yarn", "rope_theta": 5e5})") ==
          "c.json: rope_parameters: rope_type: another architecture (\"yarn\"); expected default");
    CHECK(rope(R"({"partial_rotary_factor": 0.25})") ==
          "c.json: rope_parameters: partial_rotary_factor: 0.25 is not supported; expected 1.0");
    CHECK(rope(R"({"full_attention": {"rope_theta": 1e6}})") ==
          "c.json: rope_parameters: full_attention: is not supported; expected no such key");
    CHECK(rope("5") == "c.json: rope_parameters: found an integer; expected a mapping");
    CHECK(complaint("sliding_window", 4096) == "c.json: sliding_window: is not supported; expected no such key");
    CHECK_THROWS_AS((void)shape_from_config(json::list({})), kvt::error);
}
