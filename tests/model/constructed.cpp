#include <doctest/doctest.h>

#include <kvt/data/constructed_lookup.hpp>
#include <kvt/model/constructed.hpp>
#include <kvt/model/sampler.hpp>
#include <kvt/model/transformer.hpp>
#include <kvt/text/lookup_words.hpp>

#include <vector>

namespace model = kvt::model;
namespace text = kvt::text;
using ids = std::vector<std::int32_t>;

namespace {

struct lookup_model {
    model::construction how;
    model::transformer t;
    model::word_tokenizer words = model::constructed_tokenizer();

    explicit lookup_model(model::construction c = {}) : how{c}, t{model::constructed_weights(c)} {}

    /// The answer from the full cache, or without the entry at `dropped` in the lookup head.
    [[nodiscard]] std::string answer(std::string_view prompt, std::int32_t dropped = -1) const {
        ids const tokens = words.encode(prompt);
        model::plain_storage cache{how.layers, how.kv_heads};
        model::no_observer nobody;
        model::workspace ws;
        std::vector<float> logits(static_cast<std::size_t>(t.shape().vocab_size));
        t.forward(tokens, 0, cache, nobody, logits, ws);
        if (dropped >= 0) cache = without(cache, dropped);
        ids out;
        for (auto position = static_cast<std::int32_t>(tokens.size()); out.size() < 6; ++position) {
            out.push_back(model::greedy::best(logits));
            if (out.back() == words.id_of(".") || out.back() == words.end()) break;
            t.forward(std::span{out}.last(1), position, cache, nobody, logits, ws);
        }
        return words.decode(out);
    }

  private:
    [[nodiscard]] model::plain_storage without(model::plain_storage const& cache, std::int32_t dropped) const {
        model::plain_storage out{how.layers, how.kv_heads};
        auto const dim = static_cast<std::size_t>(t.shape().head_dim);
        for (std::int32_t layer = 0; layer < how.layers; ++layer)
            for (std::int32_t head = 0; head < how.kv_heads; ++head)
                for (std::int32_t slot = 0; slot < cache.length(layer, head); ++slot)
                    if (layer != how.lookup_layer || head != how.lookup_head || slot != dropped)
                        out.append(layer, head, slot,
                                   cache.keys(layer, head).subspan(static_cast<std::size_t>(slot) * dim, dim),
                                   cache.values(layer, head).subspan(static_cast<std::size_t>(slot) * dim, dim));
        return out;
    }
};

/// Notes all attention of one query head.
struct attention_log {
    std::int32_t layer, head;
    std::vector<std::vector<float>> rows{};
    static constexpr bool wants(std::int32_t, std::int32_t, std::int32_t) { return true; }
    void attention(model::attention_block const& b) {
        if (b.layer != layer || b.query_head != head) return;
        for (std::int32_t r = 0; r < b.rows; ++r) {
            rows.emplace_back();
            for (std::int32_t slot = 0; slot <= b.first_position + r; ++slot) rows.back().push_back(b.at(r, slot));
        }
    }
};

}  // namespace

TEST_CASE("every key is found, with every value, in every head, whatever else is there") {
    for (model::construction how :
         {model::construction{},
          model::construction{.layers = 1, .kv_heads = 1, .group = 1, .lookup_layer = 0, .lookup_head = 0},
          model::construction{.layers = 3, .kv_heads = 4, .group = 2, .lookup_layer = 0, .lookup_head = 2}}) {
        lookup_model const m{how};
        std::string body = "mill road";
        for (std::size_t k = 0; k < text::lookup_keys.size(); ++k)
            body += " " + text::lookup_record(k, k % 12) + " hill";
        for (std::size_t k = 0; k < text::lookup_keys.size(); ++k) {
            std::string const key{text::lookup_keys[k]};
            CHECK(m.answer(body + " find " + key + "=") == key + " " + std::string{text::lookup_values[k % 12]} + " .");
        }
    }
}

TEST_CASE("without the record the answer is none; other entries do not matter") {
    lookup_model const m;
    std::string const prompt = "lake amber=otter road teal=lynx mill teal=lynx find amber=";
    CHECK(m.answer(prompt) == "amber otter .");
    for (std::int32_t slot : {0, 1, 3, 4, 5, 6, 7, 8}) CHECK(m.answer(prompt, slot) == "amber otter .");
    CHECK(m.answer(prompt, 2) == "amber none .");
    CHECK(m.answer("lake teal=lynx road find amber=") == "amber none .");
    CHECK(m.answer("find amber=") == "amber none .");
    CHECK(m.answer("lake road").empty());  // nothing asked: it ends at once
    CHECK(m.answer("").empty());
}

TEST_CASE("sixteen records of one value do not outvote none") {
    lookup_model const m;
    std::string body;
    for (std::size_t k = 1; k < 17; ++k) body += text::lookup_record(k, 7) + " ";
    CHECK(m.answer(body + "find amber=") == "amber none .");
}

TEST_CASE("attention is what the closed forms say: even, but for the query's") {
    lookup_model const m;
    auto const tokens = m.words.encode("lake amber=otter road teal=lynx mill mill find amber=");
    for (auto [layer, head] : {std::pair{0, 0}, std::pair{1, 0}, std::pair{1, 1}, std::pair{1, 2}, std::pair{1, 3}}) {
        attention_log log{layer, head};
        model::plain_storage cache{2, 2};
        model::workspace ws;
        m.t.forward(tokens, 0, cache, log, {}, ws);
        REQUIRE(log.rows.size() == tokens.size());
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            bool const looks = layer == 1 && head >= 2 && i + 1 == tokens.size();
            for (std::size_t j = 0; j <= i; ++j)
                CHECK(log.rows[i][j] == (looks ? (j == 2 ? 1.0F : 0.0F) : 1.0F / static_cast<float>(i + 1)));
        }
    }
}

TEST_CASE("positions do not matter: rotary angles of the dimensions in use vanish") {
    lookup_model const m;
    std::string far = "amber=otter";
    for (int i = 0; i < 3000; ++i) far += " mill";
    CHECK(m.answer(far + " find amber=") == "amber otter .");
}

TEST_CASE("the vocabulary is closed and its words survive the tokenizer") {
    auto const words = model::constructed_tokenizer();
    CHECK(words.size() == model::constructed_shape({}).vocab_size);
    for (std::int32_t id = 4; id < words.size(); ++id)
        CHECK(words.encode(words.word(id), model::text_place::continuation) == ids{id});
    CHECK(words.encode("find amber= nonsense")[3] == words.unknown());
    CHECK(words.begin() == 1);
    CHECK(words.end() == 2);
}

TEST_CASE("constructions that make no sense are refused by field") {
    CHECK_THROWS_WITH(static_cast<void>(model::constructed_shape({.lookup_layer = 2})),
                      "construction.lookup_layer: 2; expected 0 to 1");
    CHECK_THROWS_AS(static_cast<void>(model::constructed_shape({.kv_heads = 0})), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(model::constructed_shape({.max_positions = 1})), kvt::error);
}

TEST_CASE("its prompts have exactly the asked length, and the evidence is where meta says") {
    auto const words = model::constructed_tokenizer();
    kvt::run_context context;
    kvt::data::constructed_lookup const source{.lengths = {8, 64, 301}, .n_examples = 7};
    lookup_model const m;
    auto const examples = source.load(context);
    REQUIRE(examples.size() == 21);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        auto const& e = examples[i];
        auto const tokens = words.encode(e.context + " " + e.question);
        CHECK(static_cast<std::int64_t>(tokens.size()) == source.lengths[i / 7]);
        CHECK(std::count(tokens.begin(), tokens.end(), words.unknown()) == 0);
        auto const at = kvt::data::evidence_of(e);
        REQUIRE(at.size() == 1);
        CHECK(at[0].end == at[0].begin + 1);
        std::string const query = e.question.substr(5);
        CHECK(words.word(tokens[static_cast<std::size_t>(at[0].begin)]).substr(0, query.size()) == query);
        CHECK(m.answer(e.context + " " + e.question) == e.answers[0]);
        CHECK(m.answer(e.context + " " + e.question, static_cast<std::int32_t>(at[0].begin)) != e.answers[0]);
        CHECK(kvt::to_json(source.make(static_cast<std::int64_t>(i))) == kvt::to_json(e));
    }
    CHECK(kvt::data::constructed_lookup{.depth = 0.0}.make(3).meta.at("evidence").items()[0].at("begin").integer() ==
          1);
    CHECK(kvt::data::constructed_lookup{.depth = 1.0}.make(3).meta.at("evidence").items()[0].at("begin").integer() ==
          61);
    CHECK_THROWS_AS(static_cast<void>(kvt::data::constructed_lookup{.lengths = {4}}.make(0)), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(kvt::data::constructed_lookup{.n_records = 33}.make(0)), kvt::error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(kvt::data::constructed_lookup{.lengths = {8}, .n_examples = 2'000'000}.make(0)),
        "dataset.constructed_lookup.n_examples: 2000000; expected 1..1000000 for each length", kvt::error);
    CHECK_THROWS_AS(static_cast<void>(source.make(21)), kvt::error);
}
