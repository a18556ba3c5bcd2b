#include "reference.hpp"
#include "small_model.hpp"

#include <kvt/model/sampler.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/model/transformer.hpp>

#include <doctest/doctest.h>

#include <thread>

using namespace kvt::model;
using small::same_bits;

namespace {

std::vector<float> row_of(kvt::json const& list) {
    std::vector<float> values;
    for (auto const& v : list.items()) values.push_back(static_cast<float>(v.real()));
    return values;
}
double largest_difference(std::span<float const> a, std::span<float const> b) {
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return worst;
}
// Logits of all tokens, run in chunks.
std::vector<float> all_logits(transformer const& t, std::span<std::int32_t const> tokens, std::size_t chunk) {
    auto const vocabulary = static_cast<std::size_t>(t.shape().vocab_size);
    std::vector<float> logits(tokens.size() * vocabulary);
    plain_storage cache{t.shape().num_hidden_layers, t.shape().num_key_value_heads};
    workspace ws;
    no_observer none;
    for (std::size_t at = 0; at < tokens.size(); at += chunk) {
        auto const n = std::min(chunk, tokens.size() - at);
        t.forward(tokens.subspan(at, n), static_cast<std::int32_t>(at), cache, none,
                  std::span{logits}.subspan(at * vocabulary, n * vocabulary), ws);
    }
    return logits;
}
std::vector<std::int32_t> greedy_answer(transformer const& t, std::span<std::int32_t const> prompt, std::size_t tokens,
                                        workspace& ws) {
    std::vector<float> logits(static_cast<std::size_t>(t.shape().vocab_size));
    plain_storage cache{t.shape().num_hidden_layers, t.shape().num_key_value_heads};
    no_observer none;
    std::vector<std::int32_t> answer;
    t.forward(prompt, 0, cache, none, logits, ws);
    while (true) {
        answer.push_back(greedy::best(logits));
        if (answer.size() == tokens) return answer;
        t.forward(std::span{answer}.last(1), static_cast<std::int32_t>(prompt.size() + answer.size()) - 1, cache, none,
                  logits, ws);
    }
}
struct last_residuals {
    std::vector<std::vector<float>> layers = std::vector<std::vector<float>>(4);
    static bool wants(std::int32_t, std::int32_t, std::int32_t) { return false; }
    static void attention(attention_block const&) {}
    void residual(std::int32_t layer, std::int32_t, std::int32_t rows, float const* values, std::size_t stride) {
        auto const* last = values + static_cast<std::size_t>(rows - 1) * stride;
        layers[static_cast<std::size_t>(layer)].assign(last, last + 128);
    }
};

}  // namespace

TEST_CASE("the built-in model's logits, residuals and key norms are the reference's") {
    auto const t = transformer::load(small::recall());
    auto const fixture = kvt::read_json_file(small::root() + "/tests/model/fixture.json");
    for (auto const& f : fixture.at("logits").items()) {
        auto const tokens = small::from_hex(
            fixture.at("prompts").items()[static_cast<std::size_t>(f.at("prompt").integer())].at("ids").text());
        std::vector<float> logits(tokens.size() * 256);
        plain_storage cache{3, 2};
        workspace ws;
        last_residuals seen;
        t.forward(tokens, 0, cache, seen, logits, ws);
        auto const best = small::from_hex(f.at("argmax").text());
        REQUIRE(best.size() == tokens.size());
        for (std::size_t i = 0; i < tokens.size(); ++i)
            CHECK(greedy::best(std::span{logits}.subspan(i * 256, 256)) == best[i]);
        for (auto const& [position, row] : f.at("logits").members())
            CHECK(largest_difference(row_of(row), std::span{logits}.subspan(std::stoul(position) * 256, 256)) < 1e-3);
        for (std::size_t l = 0; l < 4; ++l)
            CHECK(largest_difference(row_of(f.at("residuals").items()[l]), seen.layers[l]) < 1e-3);
        if (auto const* norms = f.find("post_rope_key_l2_norm_layer_head_pos"))
            for (std::int32_t l = 0; l < 3; ++l)
                for (std::int32_t h = 0; h < 2; ++h)
                    for (std::size_t p = 0; p < tokens.size(); ++p) {
                        auto const key = cache.keys(l, h).subspan(p * 64, 64);
                        double squares = 0;
                        for (float v : key) squares += static_cast<double>(v) * static_cast<double>(v);
                        CHECK(std::sqrt(squares) == doctest::Approx(norms->items()[static_cast<std::size_t>(l)]
                                                                        .items()[static_cast<std::size_t>(h)]
                                                                        .items()[p]
                                                                        .real())
                                                        .epsilon(1e-4));
                    }
    }
}

TEST_CASE("the built-in model answers every prompt of the fixture as the reference does") {
    auto const t = transformer::load(small::recall());
    auto const words = word_tokenizer::load(small::recall() + "/tokenizer.json");
    auto const fixture = kvt::read_json_file(small::root() + "/tests/model/fixture.json");
    workspace ws;
    int answered = 0;
    for (auto const& p : fixture.at("prompts").items()) {
        auto const expected = small::from_hex(p.at("greedy").text());
        auto const answer = greedy_answer(t, small::from_hex(p.at("ids").text()), expected.size(), ws);
        CHECK(answer == expected);
        CHECK(words.decode(answer) == p.at("expected").text());
        ++answered;
    }
    CHECK(answered == 50);
}

TEST_CASE("odd sizes, grouped heads, tied or not: the double-precision definition within rounding") {
    for (bool const tied : {false, true}) {
        auto s = small::odd_shape();
        s.tie_word_embeddings = tied;
        reference::model const exact{s, small::random_tensors(s)};
        transformer const t{make_weights(s, exact.tensors)};
        auto const tokens = small::random_tokens(90, s.vocab_size, "exact");
        auto const logits = all_logits(t, tokens, 90);
        auto const expected = exact.logits(tokens, [](auto...) { return true; });
        double worst = 0;
        for (Eigen::Index i = 0; i < 90; ++i)
            for (Eigen::Index j = 0; j < s.vocab_size; ++j)
                worst = std::max(worst,
                                 std::abs(expected(i, j) -
                                          static_cast<double>(logits[static_cast<std::size_t>(i * s.vocab_size + j)])));
        MESSAGE("largest difference: ", worst);
        CHECK(worst < 1e-4);
        CHECK(expected.cwiseAbs().maxCoeff() > 0.5);
    }
}

TEST_CASE("the same bits however a prompt is cut") {
    auto const s = small::odd_shape();
    transformer const odd{make_weights(s, small::random_tensors(s))};
    auto const recall = transformer::load(small::recall());
    for (auto const* t : {&odd, &recall}) {
        auto const tokens = small::random_tokens(300, t->shape().vocab_size, "cut");
        auto const whole = all_logits(*t, tokens, 300);
        for (std::size_t const chunk : {1, 7, 33, 64, 129}) {
            CAPTURE(chunk);
            CHECK(same_bits(all_logits(*t, tokens, chunk), whole));
        }
    }
}

TEST_CASE("the same bits in a batch as alone, whatever else is in it") {
    auto const t = transformer::load(small::recall());
    auto const vocabulary = static_cast<std::size_t>(t.shape().vocab_size);
    struct sequence {
        std::vector<std::int32_t> tokens;
        std::size_t at = 0;
        plain_storage cache{3, 2};
        no_observer none{};
        std::vector<float> logits{}, alone{};
    };
    kvt::random_stream draw{21, "batch"};
    std::vector<sequence> all(7);
    for (auto& s : all) {
        for (auto n = 1 + draw.below(300); n > 0; --n)
            s.tokens.push_back(static_cast<std::int32_t>(draw.below(vocabulary)));
        s.logits.resize(s.tokens.size() * vocabulary);
        s.alone = all_logits(t, s.tokens, 64);
    }
    workspace ws;
    for (bool more = true; more;) {  // chunks of any length side by side, some of which end in logits
        std::vector<pass<plain_storage, no_observer>> passes;
        for (auto& s : all) {
            auto const n = std::min<std::size_t>(draw.below(4) == 0 ? 1 : draw.below(150), s.tokens.size() - s.at);
            if (n == 0) continue;
            passes.push_back({std::span<std::int32_t const>{s.tokens}.subspan(s.at, n), static_cast<std::int32_t>(s.at),
                              &s.cache, &s.none, std::span{s.logits}.subspan(s.at * vocabulary, n * vocabulary)});
            s.at += n;
        }
        t.forward(std::span<pass<plain_storage, no_observer> const>{passes}, ws);
        more = false;
        for (auto const& s : all) more = more || s.at < s.tokens.size();
    }
    for (auto const& s : all) CHECK(same_bits(s.logits, s.alone));
}

TEST_CASE("the same bits on every instruction set") {
    auto const s = small::odd_shape();
    auto const w = make_weights(s, small::random_tensors(s)), trained = load_weights(small::recall());
    auto const odd = small::random_tokens(200, s.vocab_size, "sets"), prompt = small::random_tokens(70, 256, "sets");
    auto const expected = all_logits(transformer{w, instruction_set::portable}, odd, 200);
    auto const expected_trained = all_logits(transformer{trained, instruction_set::portable}, prompt, 70);
    for (auto set : usable_instruction_sets()) {
        CAPTURE(kvt::name_of(set));
        CHECK(same_bits(all_logits(transformer{w, set}, odd, 200), expected));
        CHECK(same_bits(all_logits(transformer{trained, set}, prompt, 70), expected_trained));
        CHECK(same_bits(all_logits(transformer{w, set}, odd, 1), expected));
    }
}

TEST_CASE("the same bits on any thread beside any others, with a workspace used before") {
    auto const t = transformer::load(small::recall());
    auto const one = small::random_tokens(150, 256, "one"), two = small::random_tokens(260, 256, "two");
    workspace fresh;
    auto const answer_one = greedy_answer(t, one, 8, fresh);
    workspace used;
    (void)greedy_answer(t, two, 3, used);
    CHECK(greedy_answer(t, one, 8, used) == answer_one);
    auto const expected = all_logits(t, one, 150);
    std::vector<std::vector<float>> results(4);
    std::vector<std::thread> threads;
    for (auto& r : results) threads.emplace_back([&] { r = all_logits(t, one, 150); });
    for (auto& thread : threads) thread.join();
    for (auto const& r : results) CHECK(same_bits(r, expected));
}

TEST_CASE("ragged storage: evicted slots count as masked, positions stay") {
    auto const s = small::odd_shape();
    reference::model const exact{s, small::random_tensors(s)};
    transformer const t{make_weights(s, exact.tensors)};
    std::int32_t const prompt = 80, total = 120;
    auto const tokens = small::random_tokens(static_cast<std::size_t>(total), s.vocab_size, "ragged");
    auto const kept = [](std::int32_t layer, std::int32_t head, std::int32_t slot) {
        return slot % (3 + layer + 2 * head) == 0 || slot > 74 - layer;
    };
    plain_storage full{2, 2}, ragged{2, 2};
    workspace ws;
    no_observer none;
    t.forward(std::span{tokens}.first(static_cast<std::size_t>(prompt)), 0, full, none, {}, ws);
    auto const dim = static_cast<std::size_t>(s.head_dim);
    for (std::int32_t l = 0; l < 2; ++l)
        for (std::int32_t h = 0; h < 2; ++h)
            for (std::int32_t p = 0; p < prompt; ++p)
                if (kept(l, h, p))
                    ragged.append(l, h, p, full.keys(l, h).subspan(static_cast<std::size_t>(p) * dim, dim),
                                  full.values(l, h).subspan(static_cast<std::size_t>(p) * dim, dim));
    CHECK(ragged.length(0, 0) != ragged.length(0, 1));
    CHECK(ragged.length(0, 0) != ragged.length(1, 0));
    auto stepwise = ragged;
    std::vector<float> logits(static_cast<std::size_t>((total - prompt) * s.vocab_size)),
        single(static_cast<std::size_t>(s.vocab_size));
    t.forward(std::span{tokens}.subspan(static_cast<std::size_t>(prompt)), prompt, ragged, none, logits, ws);
    auto const expected =
        exact.logits(tokens, [&](std::int32_t layer, std::int32_t head, std::int32_t query, std::int32_t slot) {
            return query < prompt || slot >= prompt || kept(layer, head, slot);
        });
    double worst = 0;
    for (std::int32_t i = prompt; i < total; ++i) {
        for (std::int32_t j = 0; j < s.vocab_size; ++j)
            worst = std::max(worst, std::abs(expected(i, j) -
                                             static_cast<double>(
                                                 logits[static_cast<std::size_t>((i - prompt) * s.vocab_size + j)])));
        t.forward(std::span{tokens}.subspan(static_cast<std::size_t>(i), 1), i, stepwise, none, single, ws);
        CHECK(same_bits(
            single, std::span{logits}.subspan(static_cast<std::size_t>((i - prompt) * s.vocab_size), single.size())));
    }
    CHECK(worst < 1e-4);
}

TEST_CASE("logits are given for as many last tokens as there is room for") {
    auto const s = small::odd_shape();
    transformer const t{make_weights(s, small::random_tensors(s))};
    auto const tokens = small::random_tokens(300, s.vocab_size, "room");
    auto const all = all_logits(t, tokens, 300);
    for (std::size_t const rows : {std::size_t{0}, std::size_t{1}, std::size_t{45}, std::size_t{200}}) {
        std::vector<float> logits(rows * 37);
        plain_storage cache{2, 2};
        workspace ws;
        no_observer none;
        t.forward(tokens, 0, cache, none, logits, ws);
        CHECK(same_bits(logits, std::span{all}.last(rows * 37)));
    }
}

TEST_CASE("calls that make no sense are refused before anything is appended") {
    auto const s = small::odd_shape();
    transformer const t{make_weights(s, small::random_tensors(s))};
    plain_storage cache{2, 2};
    workspace ws;
    no_observer none;
    std::vector<float> logits(37);
    auto const call = [&](std::vector<std::int32_t> const& tokens, std::int32_t first, std::span<float> room) {
        t.forward(tokens, first, cache, none, room, ws);
    };
    CHECK_THROWS_WITH_AS(call({1, 37}, 0, logits), "transformer: token 37; expected 0 to 36", kvt::error);
    CHECK_THROWS_AS(call({-1}, 0, logits), kvt::error);
    CHECK_THROWS_WITH_AS(call({1, 2}, 399, logits),
                         "transformer: 2 tokens from position 399 on; expected positions 0 to 399", kvt::error);
    CHECK_THROWS_AS(call({1}, -1, logits), kvt::error);
    CHECK_THROWS_AS(call({1}, 0, std::span{logits}.first(36)), kvt::error);
    CHECK_THROWS_AS(call({}, 0, logits), kvt::error);
    CHECK(cache.length(0, 0) == 0);
    call({1, 2}, 398, logits);
    CHECK(cache.length(0, 0) == 2);
    auto w = make_weights(s, small::random_tensors(s));
    w.shape.head_dim = 9;
    CHECK_THROWS_AS((transformer{w}), kvt::error);
}
