#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/group_histogram.hpp>

#include <limits>

namespace quant = kvt::quant;

TEST_CASE("a thousand groups: never below the error of the values, and exact where bins hold one value each") {
    kvt::random_stream stream{7, "histogram"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const t = tensors::some_tensor(stream, 200);
        auto const values = t.view().group(0);
        auto const bins = static_cast<std::int32_t>(1 + stream.below(300));
        quant::group_histogram const histogram{values, bins};
        CHECK(histogram.points() <= static_cast<std::size_t>(bins));
        quant::value_range const r{-3 * stream.unit(), 3 * stream.unit()};
        double const exact = quant::error_of(values, r, t.bits).squares;
        REQUIRE(histogram.errors({&r, 1}, t.bits).front().squares >= exact * (1 - 1e-9));
        quant::group_histogram const fine{values, 1 << 20};
        if (fine.points() == values.size())
            REQUIRE(fine.errors({&r, 1}, t.bits).front().squares == doctest::Approx(exact).epsilon(1e-9));
        auto const moments = quant::gaussian_of(values);
        REQUIRE(histogram.moments().mean == doctest::Approx(moments.mean).epsilon(1e-9));
        REQUIRE(histogram.moments().deviation == doctest::Approx(moments.deviation).epsilon(1e-9));
    }
}

TEST_CASE("with sixteen bins a code step the excess stays small on smooth data") {
    kvt::random_stream stream{8, "histogram"};
    std::vector<float> values(20'000);
    for (auto& v : values) v = static_cast<float>(tensors::bell(stream));
    for (int const bits : {2, 4, 8}) {
        quant::group_histogram const histogram{values, quant::group_histogram::bins_for(bits)};
        for (double const half : {2.0, 3.0, 4.0}) {
            quant::value_range const r{-half, half};
            double const exact = quant::error_of(values, r, bits).squares;
            double const told = histogram.errors({&r, 1}, bits).front().squares;
            CAPTURE(bits);
            CAPTURE(half);
            CHECK(told / exact - 1 < 0.02);
        }
    }
}

TEST_CASE("a sample is spread over the group") {
    std::vector<float> values(1000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    quant::group_histogram const sampled{values, 10, 100};
    quant::value_range const r{0, 1000};
    CHECK(sampled.errors({&r, 1}, 8).front().count == 96);  // six runs of sixteen
    CHECK(sampled.points() > 5);
    CHECK(quant::group_histogram{values, 10, 7}.errors({&r, 1}, 8).front().count == 7);
    CHECK(sampled.moments().mean == doctest::Approx(500).epsilon(0.1));
    CHECK(quant::group_histogram{values, 10, 1000}.errors({&r, 1}, 8).front().count == 1000);
}

TEST_CASE("what no histogram can be made of") {
    using quant::fault;
    std::vector<float> const none, hole{1, std::numeric_limits<float>::quiet_NaN(), 2},
        first{std::numeric_limits<float>::quiet_NaN(), 2}, endless{1, std::numeric_limits<float>::infinity()},
        same{2, 2};
    CHECK(tensors::refusal([&] { quant::group_histogram{none}; }) == fault::empty_input);
    CHECK(tensors::refusal([&] { quant::group_histogram{same, 0}; }) == fault::invalid_group_size);
    for (auto const* bad : {&hole, &first, &endless})
        CHECK(tensors::refusal([&] { quant::group_histogram{*bad}; }) == fault::non_finite_input);
    CHECK(quant::group_histogram{same}.points() == 1);
}
