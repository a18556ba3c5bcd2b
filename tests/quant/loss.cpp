#include "quant/sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/loss.hpp>

#include <limits>

namespace quant = kvt::quant;
using quant::fault;

TEST_CASE("the gradient is the loss's slope") {
    kvt::random_stream stream{18, "loss"};
    for (int round = 0; round < 1000; ++round) {
        std::vector<double> w, r;
        for (auto n = 1 + stream.below(6); n > 0; --n) w.push_back(stream.unit()), r.push_back(stream.unit());
        auto const gradient = quant::mse_gradient(w, r);
        auto const i = stream.below(w.size());
        auto up = r, down = r;
        up[i] += 1e-4, down[i] -= 1e-4;
        REQUIRE(gradient[i] ==
                doctest::Approx((quant::mse_loss(w, up) - quant::mse_loss(w, down)) / 2e-4).epsilon(1e-6));
    }
}

TEST_CASE("a thousand pairs: divergence is not negative, and nothing between equals") {
    kvt::random_stream stream{19, "loss"};
    for (int round = 0; round < 1000; ++round) {
        quant::gaussian const p{4 * stream.unit() - 2, 2 * stream.unit()}, q{4 * stream.unit() - 2, 2 * stream.unit()};
        REQUIRE(quant::divergence(p, q) >= 0);
        REQUIRE(quant::divergence(p, p) == 0);
    }
    CHECK(quant::divergence({0, 1}, {1, 1}) == 0.5);
    CHECK(quant::markov_loss({}, {}) == 0);
}

TEST_CASE("entropy over bins of a hundredth") {
    CHECK(quant::negative_entropy({}) == 0);
    CHECK(quant::negative_entropy(std::vector{0.0, 0.25, 0.5, 0.75}) == doctest::Approx(-std::log(4)));
    CHECK(quant::negative_entropy(std::vector{0.101, 0.102}) == 0);
    CHECK(quant::negative_entropy(std::vector{-0.004, 0.004}) == 0);  // one bin on either side of 0
    double const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(sequences::refusal([&] { (void)quant::negative_entropy(std::vector{nan}); }) == fault::non_finite_input);
}

TEST_CASE("values that occur several times count so often") {
    kvt::random_stream stream{28, "counted"};
    for (int round = 0; round < 1000; ++round) {
        std::vector<double> all, points, counts;
        for (auto n = stream.below(8); n > 0; --n) {
            points.push_back(0.05 * stream.unit());  // several in one bin
            counts.push_back(static_cast<double>(stream.below(5)));
            all.insert(all.end(), static_cast<std::size_t>(counts.back()), points.back());
        }
        REQUIRE(quant::negative_entropy(points, counts) ==
                doctest::Approx(quant::negative_entropy(all)).epsilon(1e-12));
    }
    CHECK(sequences::refusal([] { (void)quant::negative_entropy(std::vector{1.0}, {}); }) == fault::length_mismatch);
}

TEST_CASE("the total adds the terms that have a weight") {
    std::vector<double> const w{1, 2}, r{1.5, 2.5};
    std::vector<quant::gaussian> const p{{0, 1}}, q{{1, 1}};
    auto const all = quant::total_loss(w, r, p, q, {0.5, 2});
    CHECK(all.total == doctest::Approx(0.25 + 0.25 - 2 * std::log(2)));
    CHECK(quant::total_loss(w, r, p, q, {0, 0}).total == 0.25);
    CHECK(sequences::refusal([&] { (void)quant::total_loss(w, r, p, q, {-1, 0}); }) == fault::invalid_weight);
    CHECK(sequences::refusal([&] { (void)quant::total_loss(w, r, p, {}, {}); }) == fault::length_mismatch);
    CHECK(sequences::refusal([&] { (void)quant::mse_loss(w, {}); }) == fault::length_mismatch);
    CHECK(sequences::refusal([&] { (void)quant::mse_gradient(w, {}); }) == fault::length_mismatch);
}
