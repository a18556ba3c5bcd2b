#include "small_decoder.hpp"

#include <kvt/scaling/structured_start.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <cmath>

using namespace kvt;
using namespace kvt::scaling;

namespace {

decoder_shape recall_shape() {
    return {.vocab_size = 256,
            .d_model = 128,
            .num_layers = 3,
            .num_heads = 4,
            .num_kv_heads = 2,
            .head_dim = 64,
            .d_ff = 256,
            .rope_theta = 1e8,
            .norm_eps = 1e-5,
            .tied_head = true,
            .naming = parameter_naming::llama};
}

/// The attention of a head of the first layer on the token `offset` back, mean over the positions that have one.
double attention_at(layer_activations<float> const& layer, decoder_shape const& s, std::size_t tokens, std::size_t h,
                    std::size_t offset) {
    auto const width = static_cast<std::size_t>(s.qkv_width()), d = static_cast<std::size_t>(s.head_dim),
               keys = static_cast<std::size_t>(s.query_width()) +
                      h / static_cast<std::size_t>(s.num_heads / s.num_kv_heads) * d;
    double mean = 0;
    for (std::size_t t = 10; t < tokens; ++t) {
        double sum = 0, at = 0;
        for (std::size_t u = 0; u <= t; ++u) {
            double score = 0;
            for (std::size_t i = 0; i < d; ++i)
                score += static_cast<double>(layer.qkv[t * width + h * d + i]) *
                         static_cast<double>(layer.qkv[u * width + keys + i]);
            double const weight = std::exp(score / std::sqrt(static_cast<double>(d)));
            sum += weight;
            if (u + offset == t) at = weight;
        }
        mean += at / sum;
    }
    return mean / static_cast<double>(tokens - 10);
}

}  // namespace

TEST_CASE("head h of the first layer looks h + 1 tokens back") {
    auto const shape = recall_shape();
    decoder<float> model{shape};
    structured_start{}(model, 1);
    random_stream stream{1, "ids"};
    std::vector<std::int32_t> ids(96);
    for (auto& id : ids) id = static_cast<std::int32_t>(stream.below(256));
    auto const& first = model.look(ids, ids.size()).layers()[0];
    for (std::size_t h = 0; h < 4; ++h) {
        CAPTURE(h);
        double const there = attention_at(first, shape, ids.size(), h, h + 1);
        CHECK(there > 0.6);
        CHECK(there < 0.95);
    }
}

TEST_CASE("spreads are those of the recipe, norms are 1, and a seed is a model") {
    decoder<float> model{recall_shape()}, same{recall_shape()}, other{recall_shape()};
    structured_start{}(model, 1), structured_start{}(same, 1), structured_start{}(other, 2);
    CHECK(std::ranges::equal(model.parameters(), same.parameters()));
    CHECK_FALSE(std::ranges::equal(model.parameters(), other.parameters()));
    auto const spread = [&](std::string const& name) {
        auto const values = model.list().find(name)->of(model.parameters());
        double squares = 0;
        for (float v : values) squares += static_cast<double>(v) * static_cast<double>(v);
        return std::sqrt(squares / static_cast<double>(values.size()));
    };
    CHECK(spread("model.norm.weight") == 1);
    CHECK(spread("model.layers.1.mlp.gate_proj.weight") == doctest::Approx(1 / std::sqrt(128.0)).epsilon(0.02));
    CHECK(spread("model.layers.1.mlp.down_proj.weight") == doctest::Approx(1 / 16.0 / std::sqrt(6.0)).epsilon(0.02));
    CHECK(spread("model.layers.1.self_attn.q_proj.weight") == doctest::Approx(1 / std::sqrt(128.0)).epsilon(0.02));
    CHECK(spread("model.embed_tokens.weight") == doctest::Approx(std::sqrt(0.05 * 0.05 + 0.04 * 0.04)).epsilon(0.02));
}

TEST_CASE("queries resemble their group's keys, outputs copy their group's values") {
    decoder<float> model{recall_shape()};
    structured_start{}(model, 1);
    auto const part = [&](std::string const& name) {
        return model.list().find("model.layers.1.self_attn." + name + ".weight")->of(model.parameters());
    };
    auto const q = part("q_proj"), k = part("k_proj"), v = part("v_proj"), o = part("o_proj");
    for (std::size_t h = 0; h < 4; ++h)
        for (std::size_t g = 0; g < 2; ++g) {
            double match = 0, copy = 0, keys = 0, values = 0;
            for (std::size_t i = 0; i < 64; ++i)
                for (std::size_t c = 0; c < 128; ++c) {
                    auto const at = [&](std::span<float const> m, std::size_t head) {
                        return static_cast<double>(m[(head * 64 + i) * 128 + c]);
                    };
                    match += at(q, h) * at(k, g), keys += at(k, g) * at(k, g);
                    copy += static_cast<double>(o[c * 256 + h * 64 + i]) * at(v, g), values += at(v, g) * at(v, g);
                }
            bool const own = h / 2 == g;
            CHECK(match / keys == doctest::Approx(own ? 0.7 : 0).epsilon(0.05).scale(1));
            CHECK(copy / values == doctest::Approx(own ? 0.25 : 0).epsilon(0.05).scale(1));
        }
}

TEST_CASE("what cannot be is refused") {
    decoder<float> gpt{small_decoder::gpt()}, model{small_decoder::tied()};
    CHECK(holds(refusal([&] { structured_start{}(gpt, 1); }), "naming: llama"));
    CHECK(holds(refusal([&] { structured_start{.matching = 2}(model, 1); }), "start.structured.matching"));
}
