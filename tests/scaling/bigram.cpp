#include "small_decoder.hpp"

#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/scaling/bigram.hpp>
#include <laws/trainable_model.hpp>

#include <cmath>

using namespace kvt::scaling;

TEST_CASE("a bigram table keeps the laws of a trainable model") {
    static_assert(trainable_model<bigram>);
    bigram model{19};
    CHECK(model.num_params() == 361);
    laws::check_trainable_model(model, small_decoder::batch(19, 3, 16));
}

TEST_CASE("a bigram table learns the frequencies of pairs") {
    std::vector<std::int32_t> const ids{0, 1, 0, 1, 0, 2, 0, 1, 0};  // after 0 comes 1 three times in four
    auto const b = next_token_batch(ids, ids, ids.size());
    bigram model{3};
    CHECK(model.loss(b) == doctest::Approx(std::log(3.0)));
    for (int step = 0; step < 4000; ++step) {
        for (auto& g : model.gradients()) g = 0;
        model.loss_and_gradients(b);
        for (std::size_t i = 0; i < 9; ++i) model.parameters()[i] -= 2 * model.gradients()[i];
    }
    double const entropy = (-3 * std::log(0.75) - std::log(0.25)) / 4;
    CHECK(model.loss(b) == doctest::Approx(entropy / 2).epsilon(0.01));
    CHECK_THROWS_AS((void)bigram{2}.loss(b), kvt::error);
}
