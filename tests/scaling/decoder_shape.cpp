#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/scaling/decoder_shape.hpp>
#include <kvt/scaling/training_flops.hpp>

#include <support/refusal.hpp>

#include <cmath>
#include <cstdlib>

using namespace kvt::scaling;

TEST_CASE("parameters are counted part by part") {
    auto const counts = counts_of(gpt_shape(61, 32, 2, 2));
    CHECK(counts.core == 2 * (16 * 32 * 32 + 2 * 32) + 32);
    CHECK(counts.embedding == 61 * 32);
    CHECK(counts.lm_head == 61 * 32);
    CHECK(counts.total == 36832);
    kvt::model::shape engine;
    engine.vocab_size = 256, engine.hidden_size = 128, engine.intermediate_size = 256, engine.num_hidden_layers = 3;
    engine.num_attention_heads = 4, engine.num_key_value_heads = 2, engine.head_dim = 64;
    engine.tie_word_embeddings = true;
    CHECK(counts_of(decoder_shape_of(engine)).total == 623488);
    CHECK(counts_of(decoder_shape_of(engine)).lm_head == 0);
}

TEST_CASE("a model is sized for a target") {
    CHECK(gpt_for_size(10'000'000, 6, 100).d_model == 320);
    CHECK(gpt_for_size(10'000'000, 4, 100).d_model == 384);
    CHECK(gpt_for_size(10'000'000, 4, 100, size_rule::reference).d_model == 448);
    CHECK(gpt_for_size(1, 1, 100).num_heads == 2);
    CHECK(gpt_for_size(1, 1, 100).d_model == 64);
    CHECK(gpt_for_size(590'400, 1, 100).num_heads == 3);
    CHECK(training_flops(10, 3) == 180);
}

TEST_CASE("shapes that make no sense are refused by field") {
    CHECK(refusal([] { (void)gpt_shape(61, 32, 2, 3); }).find("model.d_model") == 0);
    CHECK(refusal([] { (void)gpt_shape(61, 6, 2, 2); }).find("model.head_dim: 3 is odd") == 0);
    CHECK(refusal([] { (void)gpt_shape(0, 32, 2, 2); }).find("model.vocab_size") == 0);
    CHECK(refusal([] { (void)gpt_shape(61, 32, 0, 2); }).find("model.num_layers") == 0);
    CHECK(refusal([] { (void)gpt_for_size(0, 2, 61); }).find("model.model_size") == 0);
    CHECK(refusal([] { (void)gpt_for_size(10, 0, 61); }).find("model.num_layers") == 0);
    decoder_shape s;
    s.num_kv_heads = 3;
    CHECK(refusal([&] { check(s, "config"); }).find("config.num_kv_heads: 3 does not divide num_heads") == 0);
    s = {};
    s.norm_eps = -1;
    CHECK(refusal([&] { check(s); }).find("model.norm_eps") == 0);
    s = {};
    s.rope_theta = 0;
    CHECK(refusal([&] { check(s); }).find("model.rope_theta") == 0);
}

TEST_CASE("widths may be finer, and the feed-forward narrower") {
    auto const s = gpt_for_size(18'000, 2, 32, size_rule::nearest, {.multiple = 8});
    CHECK(s.d_model == 24);
    CHECK(s.num_heads == 2);
    auto const narrow = gpt_for_size(18'000, 2, 32, size_rule::nearest, {.multiple = 4, .ffn_ratio = 1});
    CHECK(narrow.d_ff == narrow.d_model);
    CHECK(std::abs(counts_of(narrow).core - 18'000) < 2500);
    auto const three = gpt_for_size(2 * 16 * 200 * 200, 2, 32, size_rule::nearest, {.multiple = 4});
    CHECK(three.d_model == 200);
    CHECK(three.num_heads == 2);  // three do not divide it
    CHECK(holds(refusal([] { (void)gpt_for_size(1, 1, 8, size_rule::nearest, {.multiple = 6}); }), "width_multiple"));
    CHECK(holds(refusal([] { (void)gpt_for_size(1, 1, 8, size_rule::nearest, {.ffn_ratio = 0}); }), "ffn_ratio"));
    decoder_shape wrong;
    wrong.dropout = 1;
    CHECK(holds(refusal([&] { check(wrong); }), "dropout"));
    wrong.dropout = 0, wrong.scaling.residual = 0;
    CHECK(holds(refusal([&] { check(wrong); }), "scaling.residual"));
}
