#include <doctest/doctest.h>
#include <kvt/quant/interpretation.hpp>

#include <vector>

namespace quant = kvt::quant;

TEST_CASE("bands, colours and labels at their edges") {
    using quant::band;
    CHECK(quant::band_of(0.6499) == band::poor);
    CHECK(quant::band_of(0.65) == band::baseline);
    CHECK(quant::band_of(0.70) == band::good);
    CHECK(quant::band_of(0.78) == band::good);
    CHECK(quant::band_of(0.7801) == band::excellent);
    CHECK(quant::colour_of(0.78) == quant::score_colour::green);
    CHECK(quant::colour_of(0.65) == quant::score_colour::amber);
    CHECK(quant::colour_of(0.64) == quant::score_colour::red);
    CHECK(quant::label_of(0) == quant::count_label::perfect);
    CHECK(quant::label_of(3) == quant::count_label::normal);
    CHECK(quant::label_of(6) == quant::count_label::concerning);
    CHECK(quant::label_of(7) == quant::count_label::poor);
}

TEST_CASE("targets are flags, not bands") {
    auto const met = [](double score) { return quant::interpret(score, {}, {}, 1); };
    CHECK_FALSE(met(0.8199).phase2_target_met);
    CHECK(met(0.82).phase2_target_met);
    CHECK_FALSE(met(0.8999).phase3_target_met);
    CHECK(met(0.90).phase3_target_met);
    CHECK(met(0.82).band == quant::band::excellent);
}

TEST_CASE("traits are checked against the band of the score") {
    std::vector<quant::violation> const two{{0, 0.6, 0, quant::severity::high}, {1, 0.4, 0, quant::severity::medium}};
    auto const good = quant::interpret(0.72, two, std::vector{0.61, 0.7, 0.5}, 0.7);
    CHECK(good.checks.violations);
    CHECK_FALSE(good.checks.severity);  // half of them are high
    CHECK(good.checks.boundaries);
    CHECK(good.checks.cosine);
    auto const poor = quant::interpret(0.5, two, std::vector{0.4, 0.45, 0.9}, 0.7);
    CHECK_FALSE(poor.checks.violations);
    CHECK(poor.checks.severity);
    CHECK(poor.checks.boundaries);
    CHECK_FALSE(poor.checks.cosine);
    auto const excellent = quant::interpret(0.9, two, std::vector{0.71, 0.7}, 0.76);
    CHECK_FALSE(excellent.checks.violations);
    CHECK_FALSE(excellent.checks.severity);
    CHECK_FALSE(excellent.checks.boundaries);
    CHECK(excellent.checks.cosine);
    for (auto const a :
         {quant::action::phase2, quant::action::optional_phase2_phase3, quant::action::raise_bits_or_groups_or_phase3})
        CHECK_FALSE(quant::advice(a).empty());
}
