#include "laws/sampler.hpp"

#include <kvt/core/error.hpp>
#include <kvt/model/sampler.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

using namespace kvt::model;
using kvt::random_stream;

TEST_CASE("samplers keep their laws") {
    laws::sampler(greedy{});
    laws::sampler(temperature{0});
    laws::sampler(temperature{0.7});
    laws::sampler(temperature{100});
}

TEST_CASE("greedy takes the largest logit, of equal ones the lowest id, and draws nothing") {
    random_stream stream{1, "x"};
    auto const state = stream.state();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(greedy{}.choose(std::array{1.0F, 3.0F, 3.0F, 2.0F}, stream) == 1);
    CHECK(greedy{}.choose(std::array{-1.0F}, stream) == 0);
    CHECK(greedy{}.choose(std::array{nan, -5.0F, nan}, stream) == 1);
    CHECK(temperature{0}.choose(std::array{1.0F, 3.0F, 3.0F}, stream) == 1);
    CHECK(stream.state() == state);
}

TEST_CASE("temperature draws with the softmax's probabilities, one draw a token") {
    std::array const logits{0.0F, 1.0F, 2.0F, -std::numeric_limits<float>::infinity()};
    for (double const value : {0.5, 1.0, 2.0}) {
        random_stream stream{3, "draws"};
        auto expected = stream;
        std::array<double, 4> counts{};
        constexpr int draws = 40'000;
        for (int i = 0; i < draws; ++i)
            counts[static_cast<std::size_t>(temperature{value}.choose(logits, stream))] += 1;
        expected.skip(draws);
        CHECK(stream.state() == expected.state());
        double const total = 1 + std::exp(1 / value) + std::exp(2 / value);
        for (std::size_t i = 0; i < 3; ++i) {
            double const p = std::exp(static_cast<double>(i) / value) / total;
            CHECK(std::abs(counts[i] / draws - p) < 5 * std::sqrt(p * (1 - p) / draws));
        }
        CHECK(counts[3] == 0);
    }
}

TEST_CASE("a low temperature is greedy, a wrong one refused") {
    random_stream stream{3, "low"};
    for (int i = 0; i < 100; ++i) CHECK(temperature{1e-6}.choose(std::array{0.0F, 0.1F}, stream) == 1);
    CHECK_THROWS_AS((void)temperature{-1}.choose(std::array{0.0F}, stream), kvt::error);
    CHECK_THROWS_AS((void)temperature{std::nan("")}.choose(std::array{0.0F}, stream), kvt::error);
}
