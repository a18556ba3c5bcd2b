#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/scaling/parameter_list.hpp>

#include <map>

using namespace kvt::scaling;

TEST_CASE("a GPT's tensors come in their order, without gaps") {
    parameter_list const list{gpt_shape(61, 32, 2, 2, 80)};
    REQUIRE(list.tensors.size() == 17);
    CHECK(list.tensors[0].name == "token_emb.weight");
    CHECK(list.tensors[2].name == "blocks.0.attn.qkv.weight");
    CHECK(list.tensors[2].rows == 96);
    CHECK(list.tensors[6].name == "blocks.0.ffn.w2.weight");
    CHECK(list.tensors[6].columns == 80);
    CHECK(list.tensors[7].name == "blocks.0.ffn.w3.weight");
    CHECK(list.tensors[16].name == "lm_head.weight");
    CHECK(list.tensors[15].dimensions == 1);
    std::int64_t next = 0;
    for (auto const& t : list.tensors) {
        CHECK(t.offset == next);
        next += t.size();
    }
    CHECK(next == list.size);
    CHECK(list.size == counts_of(gpt_shape(61, 32, 2, 2, 80)).total);
    CHECK(list.offset(parameter_role::norm, 1, 1) ==
          static_cast<std::size_t>(list.find("blocks.1.norm2.weight")->offset));
    CHECK(list.offset(parameter_role::query, 1) ==
          static_cast<std::size_t>(list.find("blocks.1.attn.qkv.weight")->offset));
    CHECK(list.find("blocks.2.norm1.weight") == nullptr);
    CHECK_THROWS_AS((void)list.offset(parameter_role::gate, 2), kvt::error);
}

TEST_CASE("the engine's model has the tensors the engine reads") {
    kvt::model::shape engine;
    engine.vocab_size = 31, engine.hidden_size = 8, engine.intermediate_size = 12, engine.num_hidden_layers = 2;
    engine.num_attention_heads = 4, engine.num_key_value_heads = 2, engine.head_dim = 6;
    engine.max_position_embeddings = 16;
    for (bool const tied : {true, false}) {
        engine.tie_word_embeddings = tied;
        parameter_list const list{decoder_shape_of(engine)};
        std::map<std::string, std::vector<std::int64_t>> ours;
        for (auto const& t : list.tensors)
            ours[t.name] = t.dimensions == 1 ? std::vector{t.columns} : std::vector{t.rows, t.columns};
        auto const slots = kvt::model::tensor_slots(engine);
        CHECK(slots.size() == ours.size());
        for (auto const& slot : slots) CHECK(ours[slot.name] == slot.shape);
        auto const q = list.offset(parameter_role::query, 1);  // query, key and value read as one matrix
        CHECK(list.offset(parameter_role::key, 1) == q + 24 * 8);
        CHECK(list.offset(parameter_role::value, 1) == q + 36 * 8);
    }
}
