#include "quant/sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/quant/settings.hpp>

#include <limits>

namespace quant = kvt::quant;
using quant::fault;
using quant::settings;

TEST_CASE("defaults and presets are usable") {
    settings{}.check();
    for (auto const where : {quant::deployment::edge, quant::deployment::local, quant::deployment::cloud})
        settings::preset(where).check();
    auto const edge = settings::preset(quant::deployment::edge);
    CHECK(edge.bit_width == 2);
    CHECK(edge.num_time_groups == 5);
    CHECK(edge.group_size == 256);
    CHECK(edge.min_accuracy == 0.65);
    CHECK(settings::preset(quant::deployment::local).num_time_groups == 10);
    CHECK(settings::preset(quant::deployment::cloud).bit_width == 8);
    CHECK(kvt::from_json<settings>(kvt::to_json(edge)).group_size == 256);
}

TEST_CASE("every field has its range and its fault") {
    double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    auto const refused = [](auto change) {
        settings s;
        change(s);
        return sequences::refusal([&] { s.check(); });
    };
    for (int const b : {0, 1, 3, 16}) CHECK(refused([&](settings& s) { s.bit_width = b; }) == fault::invalid_bit_width);
    for (int const g : {0, 101, -1})
        CHECK(refused([&](settings& s) { s.num_time_groups = g; }) == fault::invalid_time_groups);
    for (int const n : {0, 1, 100, 512})
        CHECK(refused([&](settings& s) { s.group_size = n; }) == fault::invalid_group_size);
    for (double const v : {-0.1, 1.1, nan}) {
        CHECK(refused([&](settings& s) { s.min_accuracy = v; }) == fault::invalid_accuracy);
        CHECK(refused([&](settings& s) { s.smoothness_threshold = v; }) == fault::invalid_smoothness_threshold);
    }
    for (int const w : {0, 21}) CHECK(refused([&](settings& s) { s.window_size = w; }) == fault::invalid_window_size);
    for (double const v : {-0.1, nan, inf}) {
        CHECK(refused([&](settings& s) { s.markov_weight = v; }) == fault::invalid_weight);
        CHECK(refused([&](settings& s) { s.entropy_weight = v; }) == fault::invalid_weight);
    }
    for (double const v : {0.0, 1.01, nan})
        CHECK(refused([&](settings& s) { s.learning_rate = v; }) == fault::invalid_learning_rate);
    CHECK(refused([](settings& s) { s.max_iterations = 0; }) == fault::invalid_max_iterations);
    for (double const v : {0.0, -1.0, nan, inf})
        CHECK(refused([&](settings& s) { s.convergence_threshold = v; }) == fault::invalid_convergence_threshold);
}
