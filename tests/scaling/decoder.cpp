#include "small_decoder.hpp"

#include <doctest/doctest.h>
#include <kvt/core/error.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::scaling;

TEST_CASE("an untrained head costs the logarithm of the vocabulary, and only it has a gradient") {
    decoder<float> model{small_decoder::gpt()};
    small_decoder::randomise(model);
    auto const head = *model.list().find("lm_head.weight");
    std::ranges::fill(head.of(model.parameters()), 0.0F);
    auto const b = small_decoder::batch(19, 4, 8);
    CHECK(model.loss_and_gradients(b) == doctest::Approx(std::log(19.0)).epsilon(1e-6));
    for (auto const& t : model.tensors()) {
        auto const g = t.of(model.gradients());
        CHECK(std::ranges::any_of(g, [](float v) { return v != 0; }) == (t.name == "lm_head.weight"));
    }
}

TEST_CASE("the same bits for any number of threads") {
    auto const b = small_decoder::batch(23, 13, 256);  // four shards, the last shorter
    std::vector<std::vector<float>> gradients;
    std::vector<double> losses;
    kvt::exec::thread_executor const two{2}, five{5};
    for (kvt::exec::thread_executor const* threads :
         {static_cast<kvt::exec::thread_executor const*>(nullptr), &two, &five}) {
        decoder<float> model{small_decoder::tied()};
        small_decoder::randomise(model);
        if (threads != nullptr) model.run_on(*threads);
        losses.push_back(model.loss_and_gradients(b));
        gradients.emplace_back(model.gradients().begin(), model.gradients().end());
        CHECK(model.loss(b) == losses.back());
    }
    CHECK(losses[0] == losses[1]);
    CHECK(losses[0] == losses[2]);
    CHECK(gradients[0] == gradients[1]);
    CHECK(gradients[0] == gradients[2]);
}

TEST_CASE("gradients of shards add up to the whole's, and those of batches add up") {
    decoder<double> model{small_decoder::tied()};
    small_decoder::randomise(model);
    auto const b = small_decoder::batch(23, 13, 256);
    double const whole = model.loss_and_gradients(b);
    std::vector<double> const all(model.gradients().begin(), model.gradients().end());
    std::ranges::fill(model.gradients(), 0.0);
    double parts = 0;
    for (std::size_t s = 0; s < 13; ++s) {
        auto const from = static_cast<std::ptrdiff_t>(s * 256);
        token_batch part{.length = 256,
                         .ids = {b.ids.begin() + from, b.ids.begin() + from + 256},
                         .targets = {b.targets.begin() + from, b.targets.begin() + from + 256}};
        parts += model.loss_and_gradients(part) / 13;
    }
    CHECK(parts == doctest::Approx(whole).epsilon(1e-13));
    for (std::size_t i = 0; i < all.size(); ++i)
        REQUIRE(model.gradients()[i] / 13 == doctest::Approx(all[i]).epsilon(1e-9).scale(1e-4));
}

TEST_CASE("positions say what they cost and whether they were right") {
    decoder<float> model{small_decoder::gpt()};
    small_decoder::randomise(model);
    auto b = small_decoder::batch(19, 2, 8);
    b.targets[3] = ignored_label;
    double const loss = model.loss(b);
    double sum = 0;
    for (float v : model.token_losses()) sum += static_cast<double>(v);
    CHECK(loss == doctest::Approx(sum / 13));
    CHECK(model.token_losses()[3] == 0);
    auto const logits = model.logits(b.ids, 8);
    for (std::size_t i = 0; i < 16; ++i) {
        if (b.targets[i] == ignored_label) continue;
        auto const row = std::span{logits}.subspan(i * 19, 19);
        auto const best = std::ranges::max_element(row) - row.begin();
        CHECK((model.token_hits()[i] == 1) == (best == b.targets[i]));
    }
}

TEST_CASE("a model refuses tokens it does not have") {
    decoder<float> model{small_decoder::gpt()};
    auto b = small_decoder::batch(19, 2, 8);
    b.ids[5] = 19;
    CHECK_THROWS_AS((void)model.loss(b), kvt::error);
    CHECK_THROWS_AS((void)model.logits(std::vector<std::int32_t>{1, 2, 3}, 2), kvt::error);
}
