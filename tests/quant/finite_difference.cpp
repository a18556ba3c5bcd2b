#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/finite_difference.hpp>

#include <algorithm>
#include <limits>

namespace quant = kvt::quant;
using quant::fault;

TEST_CASE("the result is the best of what was evaluated") {
    kvt::random_stream stream{20, "finite differences"};
    int converged = 0;
    for (int round = 0; round < 200; ++round) {
        CAPTURE(round);
        std::vector<double> values, scale, zero_point;
        for (int g = 0; g < 3; ++g) scale.push_back(0.2 + stream.unit()), zero_point.push_back(0.2 * stream.unit());
        for (auto n = 3 + stream.below(20); n > 0; --n) values.push_back(tensors::bell(stream));
        quant::finite_difference const rule{.max_iterations = 8, .convergence_threshold = 0.01};
        auto const found = rule(values, scale, zero_point);
        REQUIRE(std::ssize(found.loss_history) == found.iterations);
        REQUIRE(found.final_loss == *std::ranges::min_element(found.loss_history));
        REQUIRE(std::ranges::all_of(found.scale, [](double s) { return s >= 1e-6; }));
        REQUIRE((found.converged || found.iterations == 8));
        converged += found.converged ? 1 : 0;
    }
    CHECK(converged > 20);
}

TEST_CASE("the loss is that of the whole reconstruction, at every iteration") {
    kvt::random_stream stream{29, "published loss"};
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        auto const groups = 1 + stream.below(5);
        std::vector<double> values, scale, zero_point, back;
        for (std::size_t g = 0; g < groups; ++g) {
            scale.push_back(0.1 + stream.unit());
            zero_point.push_back(stream.unit() - 0.5);
        }
        for (auto n = groups + stream.below(60); n > 0; --n) values.push_back(tensors::bell(stream));
        quant::finite_difference const rule{.max_iterations = 3, .weights = {stream.unit(), stream.unit()}};
        auto const found = rule(values, scale, zero_point);
        // the best parameters once more, value by value
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto const g = std::min(i / (values.size() / groups), groups - 1);
            double const s = found.scale[g], z = found.zero_point[g];
            back.push_back(std::clamp(std::round((values[i] - z) / s), -2.0, 1.0) * s + z);
        }
        auto const betas = rule.schedule.betas(static_cast<std::int64_t>(groups));
        auto const moved = [&](std::vector<double> const& of) {
            return quant::transitions(quant::gaussian_of(std::span<double const>{of}), betas);
        };
        auto const all = quant::total_loss(values, back, moved(values), moved(back), rule.weights);
        REQUIRE(found.final_loss == doctest::Approx(all.total).epsilon(1e-9));
    }
}

TEST_CASE("one group has a Markov term too") {
    std::vector<double> const values{1, 2, 3, 4}, one{0.5}, zero{0};
    auto const with = quant::finite_difference{.max_iterations = 1, .weights = {1, 0}}(values, one, zero);
    auto const without = quant::finite_difference{.max_iterations = 1, .weights = {0, 0}}(values, one, zero);
    CHECK(with.final_loss > without.final_loss);
}

TEST_CASE("what cannot be optimized") {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> const four{1, 2, 3, 4}, two{1, 1}, one{1}, hole{1, nan}, zero{0, 1};
    quant::finite_difference const rule;
    auto const refused = [&](auto const& v, auto const& s, auto const& z) {
        return tensors::refusal([&] { (void)rule(v, s, z); });
    };
    std::vector<double> const none;
    CHECK(refused(none, two, two) == fault::empty_input);
    CHECK(refused(four, none, none) == fault::empty_input);
    CHECK(refused(four, two, one) == fault::length_mismatch);
    CHECK(refused(one, two, two) == fault::too_few_elements);
    CHECK(refused(hole, one, one) == fault::non_finite_input);
    CHECK(refused(four, hole, two) == fault::invalid_scale);
    CHECK(refused(four, zero, two) == fault::invalid_scale);
    CHECK(refused(four, two, hole) == fault::invalid_zero_point);
    auto const bad = [](quant::finite_difference const& r) { return tensors::refusal([&] { r.check(); }); };
    CHECK(bad({.learning_rate = 0}) == fault::invalid_learning_rate);
    CHECK(bad({.max_iterations = 0}) == fault::invalid_max_iterations);
    CHECK(bad({.convergence_threshold = 0}) == fault::invalid_convergence_threshold);
    CHECK(bad({.gradient_clip = 0}) == fault::invalid_weight);
    CHECK(bad({.weights = {-1, 0}}) == fault::invalid_weight);
    CHECK(bad({.schedule = {.start = -1}}) == fault::invalid_beta_schedule);
}
