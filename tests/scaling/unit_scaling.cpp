#include "gradient_check.hpp"
#include "small_decoder.hpp"

#include <doctest/doctest.h>
#include <kvt/scaling/initialise.hpp>
#include <kvt/scaling/parameter_rates.hpp>
#include <kvt/scaling/unit_scaling.hpp>

using namespace kvt::scaling;

TEST_CASE("residual branches weigh less the later they come") {
    auto const tau = residual_weights(2);
    REQUIRE(tau.size() == 4);
    CHECK(tau[0] == doctest::Approx(0.7071067811865475).epsilon(1e-12));
    CHECK(tau[3] == doctest::Approx(0.4472135954999579).epsilon(1e-12));
    CHECK(residual_weights(1, 0.5, 2)[1] == doctest::Approx(0.2672612419124244).epsilon(1e-12));
}

TEST_CASE("scales of gates, attention and learning rates") {
    CHECK(gated_silu_scale(1) == doctest::Approx(1.6817928305074292).epsilon(1e-12));
    CHECK(causal_attention_scale(128, 64, 1) == doctest::Approx(5.103617119116862).epsilon(1e-12));
    CHECK(causal_attention_scale(1, 64, 1) == 1);
    CHECK(learning_rate_factor(unit_role::hidden, 256, 6) == doctest::Approx(0.02551551815399144).epsilon(1e-12));
    CHECK(learning_rate_factor(unit_role::output, 256, 6) == 1);
}

namespace {

decoder_shape unit_shape(std::int64_t d, std::int64_t layers) {
    auto out = gpt_shape(32, d, layers, 2, 3 * d);
    out.scaling.rule = factor_rule::unit;
    return out;
}

double deviation(std::span<float const> values) {
    double squares = 0;
    for (float v : values) squares += static_cast<double>(v) * static_cast<double>(v);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("with unit factors the gradient of every tensor is the derivative") {
    for (auto const drop : {0.0, 0.2}) {
        auto shape = unit_shape(12, 2);
        shape.scaling.attention = 1.5, shape.scaling.residual = 0.7, shape.scaling.residual_attention = 1.3;
        shape.dropout = drop;
        decoder<double> model{shape};
        small_decoder::randomise(model, 1.5);
        auto const b = small_decoder::batch(32, 3, 10);
        (void)model.loss_and_gradients(b);
        std::vector<double> const found(model.gradients().begin(), model.gradients().end());
        for (auto const& t : model.tensors()) {
            INFO(t.name);
            gradient_check::agree(
                t.of(model.parameters()), t.of(std::span<double const>{found}),
                [&] { return model.loss_and_gradients(b); }, t.size() > 40 ? 7 : 1, 1e-5);
        }
    }
}

TEST_CASE("what a unit-scaled model computes has about unit spread, however wide and deep it is") {
    for (auto const& [d, layers] : {std::pair{64, 2}, {128, 6}}) {
        decoder<float> model{unit_shape(d, layers)};
        initialise(model, {.parametrization = parametrization::u_mup_full}, 3);
        auto const b = small_decoder::batch(32, 8, 32);
        auto const& pass = model.look(b.ids, 32);
        for (auto const& layer : pass.layers()) {
            CHECK(deviation({layer.input.data(), 256 * static_cast<std::size_t>(d)}) ==
                  doctest::Approx(1).epsilon(0.25));
            CHECK(deviation({layer.qkv.data(), 256 * 3 * static_cast<std::size_t>(d)}) ==
                  doctest::Approx(1).epsilon(0.25));
            CHECK(deviation({layer.gate.data(), 256 * 3 * static_cast<std::size_t>(d)}) ==
                  doctest::Approx(1).epsilon(0.25));
        }
        CHECK(deviation(pass.output()) == doctest::Approx(1).epsilon(0.25));
    }
}

TEST_CASE("the branches are mixed as the recipe says") {
    auto const shape = unit_shape(16, 1);
    decoder<double> model{shape};
    small_decoder::randomise(model, 1);
    auto const b = small_decoder::batch(32, 1, 6);
    auto const& pass = model.look(b.ids, 6);
    auto const& layer = pass.layers()[0];
    double const tau = residual_weights(1)[1], past = 1 / std::sqrt(1 + tau * tau);
    auto const down = model.list().find("blocks.0.ffn.w2.weight")->of(std::span<double const>{model.parameters()});
    double said = 0;
    for (std::size_t k = 0; k < 48; ++k) said += layer.activated[2 * 48 + k] * down[5 * 48 + k];
    said *= gated_silu_scale(1) / std::sqrt(48.0);
    CHECK(pass.output()[2 * 16 + 5] == doctest::Approx(past * (layer.middle[2 * 16 + 5] + tau * said)));
}

TEST_CASE("rates by the recipe: deep and wide matrices learn slower") {
    parameter_list const list{unit_shape(16, 4)};
    auto const rates =
        parameter_rates{.rule = rate_rule::umup_full, .learning_rate = 0.5, .weight_decay = 0.1}.of(list);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        auto const& name = list.tensors[i].name;
        CAPTURE(name);
        double const expected = name == "token_emb.weight"                          ? 0.5 / 4
                                : name == "norm.weight" || name == "lm_head.weight" ? 0.5
                                : name.find("norm") != name.npos                    ? 0.5 / 2
                                : name.find("w2") != name.npos                      ? 0.5 / std::sqrt(48.0 * 4)
                                                                                    : 0.5 / std::sqrt(16.0 * 4);
        CHECK(rates[i].learning_rate == doctest::Approx(expected));
        bool const still = name.find("norm") != name.npos || name == "token_emb.weight";
        CHECK(rates[i].weight_decay == (still ? 0 : 0.1));
    }
}
