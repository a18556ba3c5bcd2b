#include "sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/smoothness.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace quant = kvt::quant;
using quant::fault;
using quant::severity;

TEST_CASE("jumps are relative to the group on the left and to the norm") {
    std::vector<double> const scale{1, 1.5, 2, 2.5}, zero_point{0, 51, 51, 0};
    auto const s = quant::headline{}(scale, zero_point);
    CHECK(s.scale_jumps[0] == 0.5);
    CHECK(s.scale_jumps[2] == 0.25);
    CHECK(s.zero_point_jumps == std::vector{0.2, 0.0, 0.2});
    CHECK(s.boundary_scores[0] == doctest::Approx(0.65));
    CHECK(s.score == doctest::Approx(1 - (0.5 + 1.0 / 3 + 0.25 + 0.4) / 6));
    REQUIRE(s.violations.size() == 2);
    CHECK(s.violations[0].boundary_idx == 0);
    CHECK(s.violations[0].severity == severity::medium);
    CHECK_FALSE(s.valid());
}

TEST_CASE("severity is of the jump alone") {
    CHECK(quant::severity_of(0.3) == severity::low);
    CHECK(quant::severity_of(0.31) == severity::medium);
    CHECK(quant::severity_of(0.5) == severity::medium);
    CHECK(quant::severity_of(0.51) == severity::high);
    std::vector<double> const scale{1, 1.2}, zero_point{0, 0};
    CHECK(quant::headline{.threshold = 0.1}(scale, zero_point).violations.at(0).severity == severity::low);
    CHECK(quant::headline{}(scale, zero_point).valid());
}

TEST_CASE("sequences at the edge") {
    quant::headline const metric;
    auto const of = [&](std::vector<double> scale) {
        std::vector<double> const zero_point(scale.size(), 0);
        return metric(scale, zero_point);
    };
    CHECK(of({}).score == 1);
    CHECK(of({0.5}).score == 1);
    CHECK(of({0.5}).boundary_scores.empty());
    CHECK(of({0, 0}).score == 1);
    CHECK(of({0, 0}).valid());
    auto const opened = of({0, 0.05});
    CHECK(std::isinf(opened.scale_jumps[0]));
    CHECK(opened.score == 0);
    CHECK(opened.boundary_scores[0] == 0);
    CHECK(opened.violations.at(0).severity == severity::high);
    auto const closed = of({0.05, 0});
    CHECK(closed.scale_jumps[0] == 1);
    CHECK(closed.boundary_scores[0] == 0.5);
    CHECK(closed.violations.at(0).severity == severity::high);
    CHECK(of({1e-310, 1e300}).score == 0);  // the quotient overflows: as bad as it gets, and no NaN
}

TEST_CASE("what is no sequence of parameters is refused") {
    double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    std::vector<double> const two{0.1, 0.2}, one{0};
    auto const refused = [&](auto&& f) { return sequences::refusal(f); };
    quant::headline const metric;
    CHECK(refused([&] { (void)metric(two, one); }) == fault::length_mismatch);
    for (double const bad : {-0.1, nan, inf}) {
        std::vector<double> const scale{0.1, bad};
        CHECK(refused([&] { (void)metric(scale, two); }) == fault::invalid_scale);
    }
    for (double const bad : {-inf, nan, inf}) {
        std::vector<double> const zero_point{bad, 0};
        CHECK(refused([&] { (void)metric(two, zero_point); }) == fault::invalid_zero_point);
    }
    for (double const bad : {-0.01, 1.01, nan})
        CHECK(refused([&] { (void)quant::headline{bad}(two, two); }) == fault::invalid_smoothness_threshold);
    for (double const bad : {0.0, -1.0, nan, inf})
        CHECK(refused([&] { (void)quant::headline{0.3, bad}(two, two); }) == fault::invalid_zero_point);
    std::vector<quant::value_range> const reversed{{0, 1}, {1, 0}};
    CHECK(refused([&] { (void)metric(reversed, 4); }) == fault::invalid_scale);
    CHECK(refused([&] { (void)metric(reversed, 3); }) == fault::invalid_bit_width);
    CHECK(refused([&] { (void)metric.from_jumps({nan}, {0}); }) == fault::invalid_scale);
    CHECK(refused([&] { (void)metric.from_jumps({0}, {-1}); }) == fault::invalid_zero_point);
}

TEST_CASE("a thousand sequences: the score is at most the mean of the boundaries, and equals it where none saturates") {
    kvt::random_stream stream{1, "headline"};
    int saturated = 0, free = 0;
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const ranges = sequences::some_ranges(stream, 1 + stream.below(12));
        auto const s = quant::headline{}(ranges, 4);
        REQUIRE(s.boundary_scores.size() == ranges.size() - 1);
        REQUIRE(s.score >= 0);
        REQUIRE(s.score <= 1);
        REQUIRE(s.valid() == s.violations.empty());
        if (s.boundary_scores.empty()) continue;
        double const mean = std::accumulate(s.boundary_scores.begin(), s.boundary_scores.end(), 0.0) /
                            static_cast<double>(s.boundary_scores.size());
        REQUIRE(s.score <= mean + 1e-12);
        bool clipped = false;
        for (std::size_t i = 0; i < s.boundary_scores.size(); ++i)
            clipped = clipped || s.scale_jumps[i] + s.zero_point_jumps[i] > 2;
        ++(clipped ? saturated : free);
        if (!clipped) REQUIRE(s.score == doctest::Approx(mean).epsilon(1e-12));
    }
    CHECK(saturated > 50);
    CHECK(free > 50);
}

TEST_CASE("a thousand sequences: the score does not know the bit width, nor the unit of the data") {
    kvt::random_stream stream{2, "headline"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const ranges = sequences::some_ranges(stream, 1 + stream.below(12));
        auto const two = quant::headline{}(ranges, 2);
        auto const compared = [&](quant::smoothness const& other) {
            REQUIRE(other.score == doctest::Approx(two.score).epsilon(1e-9));
            for (std::size_t i = 0; i < two.boundary_scores.size(); ++i)
                REQUIRE(other.boundary_scores[i] == doctest::Approx(two.boundary_scores[i]).epsilon(1e-9));
        };
        compared(quant::headline{}(ranges, 4));
        compared(quant::headline{}(ranges, 8));
        auto scaled = ranges;
        double const factor = std::exp(20 * stream.unit() - 10);
        for (auto& r : scaled) r.lo *= factor, r.hi *= factor;
        compared(quant::headline{}(scaled, 2));
    }
}

TEST_CASE("parameters and ranges agree") {
    std::vector<quant::value_range> const ranges{{-1, 1}, {-1.4, 1.55}, {2, 2}};
    std::vector<double> scale, zero_point;
    for (auto const r : ranges) {
        scale.push_back(quant::affine::over(r, 4).scale);
        zero_point.push_back(quant::affine::over(r, 4).zero_point());
    }
    CHECK(quant::headline{}(ranges, 4).score == quant::headline_for(4)(scale, zero_point).score);
    CHECK(quant::headline_for(2).zero_point_norm == 3);
}
