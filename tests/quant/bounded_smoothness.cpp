#include "sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/bounded_smoothness.hpp>

#include <algorithm>
#include <limits>

namespace quant = kvt::quant;
using quant::fault;

namespace {
double score(std::vector<quant::value_range> const& ranges) { return quant::bounded{}(ranges).score; }
}  // namespace

TEST_CASE("jumps are relative to the larger neighbour") {
    auto const s = quant::bounded{}(std::vector<quant::value_range>{{0, 1}, {-1, 3}, {-3, 1}});
    CHECK(s.scale_jumps == std::vector{0.75, 0.0});
    CHECK(s.offset_jumps == std::vector{0.25, 0.5});
    CHECK(s.boundary_scores == std::vector{0.5, 0.75});
    CHECK(s.score == 0.625);
}

TEST_CASE("degenerate groups have an answer") {
    CHECK(score({}) == 1);
    CHECK(score({{3, 4}}) == 1);
    CHECK(score({{2, 2}, {2, 2}}) == 1);
    CHECK(score({{2, 2}, {3, 3}}) == 0.5);  // as wide as each other, and infinitely far apart
    CHECK(score({{2, 2}, {2, 3}}) == 0.5);
    CHECK(score({{-5, -5}, {2, 3}}) == 0);
    double const most = std::numeric_limits<double>::max();
    CHECK(score({{-most, -most / 2}, {most / 2, most}}) == 0.5);  // the distance of the offsets overflows
}

TEST_CASE("what is no sequence of groups is refused") {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> const two{0.1, 0.2}, one{0}, negative{0.1, -0.2}, hole{0, nan};
    using sequences::refusal;
    CHECK(refusal([&] { (void)quant::bounded{}(two, one, 2); }) == fault::length_mismatch);
    CHECK(refusal([&] { (void)quant::bounded{}(negative, two, 2); }) == fault::invalid_scale);
    CHECK(refusal([&] { (void)quant::bounded{}(hole, two, 2); }) == fault::invalid_scale);
    CHECK(refusal([&] { (void)quant::bounded{}(two, hole, 2); }) == fault::non_finite_input);
    CHECK(refusal([&] { (void)quant::bounded{}(two, two, 5); }) == fault::invalid_bit_width);
    CHECK(refusal([&] { (void)score({{1, 0}}); }) == fault::invalid_scale);
    CHECK(refusal([&] { (void)quant::bounded{}.from_jumps({0}, {}); }) == fault::length_mismatch);
}

TEST_CASE("a thousand sequences: in [0, 1], the same backwards, in another unit and at every width") {
    kvt::random_stream stream{3, "bounded"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto ranges = sequences::some_ranges(stream, 1 + stream.below(12));
        if (stream.below(5) == 0) ranges.front().hi = ranges.front().lo;
        auto const found = quant::bounded{}(ranges);
        for (auto const* list : {&found.scale_jumps, &found.offset_jumps, &found.boundary_scores})
            for (double const v : *list) {
                REQUIRE(v >= 0);
                REQUIRE(v <= 1);
            }
        std::vector<double> lo;
        for (auto const r : ranges) lo.push_back(r.lo);
        for (int const bits : {2, 4, 8}) {
            std::vector<double> scale;
            for (auto const r : ranges) scale.push_back(quant::affine::over(r, bits).scale);
            REQUIRE(quant::bounded{}(scale, lo, bits).score == doctest::Approx(found.score).epsilon(1e-12));
        }
        auto scaled = ranges;
        double const factor = std::exp(20 * stream.unit() - 10);
        for (auto& r : scaled) r.lo *= factor, r.hi *= factor;
        REQUIRE(score(scaled) == doctest::Approx(found.score).epsilon(1e-9));
        std::ranges::reverse(ranges);
        auto mirrored = quant::bounded{}(ranges).boundary_scores;
        std::ranges::reverse(mirrored);
        REQUIRE(mirrored == found.boundary_scores);
    }
}
