#include "sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/model_smoothness.hpp>

#include <algorithm>
#include <string>

namespace quant = kvt::quant;
using quant::layer_status;

TEST_CASE("jumps are weighted by elements") {
    std::vector<quant::layer_ranges> const layers{{"a", 1, {{-1, 1}, {-2, 2}}}, {"b", 3, {{-1, 1}, {-1, 1}}}};
    auto const m = quant::smoothness_of(layers, 2);
    CHECK(m.headline.scale_jumps == std::vector{0.25});
    CHECK(m.headline.score == 0.875);
    CHECK(m.bounded.scale_jumps == std::vector{0.125});
    CHECK(m.bounded.offset_jumps == std::vector{0.0625});
    CHECK(m.layers == 2);
    CHECK(m.elements == 4);
}

TEST_CASE("layers that cannot count are told apart, and change nothing") {
    std::vector<quant::layer_ranges> layers{{"a", 4, {{-1, 1}, {-2, 2}}}};
    auto const alone = quant::smoothness_of(layers, 2).headline.score;
    layers.push_back({"short", 3, {{0, 9}}});
    layers.push_back({"none", 2, {}});
    layers.push_back({"flat", 8, {{0, 9}, {5, 5}}});
    auto const m = quant::smoothness_of(layers, 2);
    CHECK(m.headline.score == alone);
    CHECK(m.layers == 1);
    CHECK(m.status == std::vector{layer_status::quantized, layer_status::passthrough, layer_status::passthrough,
                                  layer_status::degenerate});
    layers.erase(layers.begin());
    auto const nothing = quant::smoothness_of(layers, 2);
    CHECK(nothing.headline.score == 1);
    CHECK(nothing.headline.boundary_scores.empty());
    CHECK(nothing.bounded.score == 1);
    CHECK(nothing.layers == 0);
}

TEST_CASE("a bad layer is named") {
    std::vector<quant::layer_parameters> const layers{{"good", 1, {1, 1}, {0, 0}}, {"bad", 1, {1, -1}, {0, 0}}};
    try {
        (void)quant::smoothness_of(layers, quant::headline{});
        FAIL("not refused");
    } catch (quant::quant_error const& e) {
        CHECK(e.code() == quant::fault::invalid_scale);
        CHECK(std::string{e.what()}.starts_with("bad: invalid_scale: scale[1] -1.0"));
    }
    std::vector<quant::layer_ranges> const empty{{"empty", 0, {{0, 1}, {0, 2}}}};
    CHECK(sequences::refusal([&] { (void)quant::smoothness_of(empty, 2); }) == quant::fault::empty_input);
}

TEST_CASE("a thousand models: the order of layers does not matter, and one layer is its own sequence") {
    kvt::random_stream stream{5, "model smoothness"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const groups = 2 + stream.below(6);
        std::vector<quant::layer_ranges> layers;
        for (auto n = 1 + stream.below(6); n > 0; --n)
            layers.push_back({std::to_string(n), static_cast<std::int64_t>(1 + stream.below(1000)),
                              sequences::some_ranges(stream, groups)});
        auto const m = quant::smoothness_of(layers, 4);
        if (layers.size() == 1) {
            REQUIRE(m.headline.score == doctest::Approx(quant::headline{}(layers[0].ranges, 4).score).epsilon(1e-12));
            REQUIRE(m.bounded.score == doctest::Approx(quant::bounded{}(layers[0].ranges).score).epsilon(1e-12));
        }
        for (std::size_t i = layers.size(); i > 1; --i) std::swap(layers[i - 1], layers[stream.below(i)]);
        auto const mixed = quant::smoothness_of(layers, 4);
        REQUIRE(mixed.headline.score == doctest::Approx(m.headline.score).epsilon(1e-12));
        REQUIRE(mixed.bounded.score == doctest::Approx(m.bounded.score).epsilon(1e-12));
    }
}
