#include "gradient_check.hpp"
#include "small_decoder.hpp"

#include <cstdint>

using namespace kvt::scaling;

TEST_CASE("the gradient of every tensor is the derivative") {
    for (auto const& shape : {small_decoder::tied(), small_decoder::gpt()}) {
        decoder<double> model{shape};
        small_decoder::randomise(model);
        auto b = small_decoder::batch(shape.vocab_size, 3, 12);
        b.targets[4] = b.targets[20] = ignored_label;
        b.weights.assign(b.ids.size(), 0.02F);
        b.weights[7] = 0.3F;
        (void)model.loss_and_gradients(b);
        std::vector<double> const found(model.gradients().begin(), model.gradients().end());
        for (auto const& t : model.tensors()) {
            INFO(t.name);
            gradient_check::agree(
                t.of(model.parameters()), t.of(std::span<double const>{found}), [&] { return model.loss(b); },
                t.size() > 40 ? 5 : 1, 1e-5);
        }
    }
}

TEST_CASE("what a pass leaves fits together") {
    decoder<double> model{small_decoder::gpt()};
    small_decoder::randomise(model);
    auto const b = small_decoder::batch(19, 2, 9);
    auto const& pass = model.look(b.ids, 9);
    REQUIRE(pass.layers().size() == 2);
    auto const table = model.tensors()[0].of(std::span<double const>{model.parameters()});
    CHECK(pass.layers()[0].input[13] == table[static_cast<std::size_t>(b.ids[1]) * 12 + 1]);
    std::vector<double> squares(18, 0);
    auto const gain = model.list().find("norm.weight")->of(std::span<double const>{model.parameters()});
    for (std::size_t i = 0; i < 18 * 12; ++i) squares[i / 12] += std::pow(pass.final_norm()[i] / gain[i % 12], 2) / 12;
    for (double s : squares) CHECK(s == doctest::Approx(1).epsilon(1e-4));
    auto const logits = model.logits(b.ids, 9);
    auto const head = model.list().find("lm_head.weight")->of(std::span<double const>{model.parameters()});
    double expected = 0;
    for (std::size_t i = 0; i < 12; ++i) expected += pass.final_norm()[12 + i] * head[7 * 12 + i];
    CHECK(logits[19 + 7] == doctest::Approx(expected));
}
