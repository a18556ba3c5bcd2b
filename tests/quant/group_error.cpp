#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/group_error.hpp>
#include <kvt/quant/transition.hpp>

#include <bit>
#include <limits>

namespace quant = kvt::quant;

namespace {

// The definition: encode, decode, compare.
quant::group_error plainly(std::span<float const> values, quant::value_range r, std::int32_t bits) {
    auto const a = quant::affine::over(r, bits);
    quant::group_error out{.count = static_cast<double>(values.size())};
    std::vector<double> back;
    for (float const x : values) {
        back.push_back(a.decode(a.encode(x, quant::top_code(bits))));
        out.squares += (x - back.back()) * (x - back.back());
    }
    auto const moments = quant::gaussian_of(std::span<double const>{back});
    out.mean = moments.mean;
    out.variance = moments.deviation * moments.deviation;
    return out;
}

bool same_bits(quant::group_error const& a, quant::group_error const& b) {
    auto const bits = [](double v) { return std::bit_cast<std::uint64_t>(v); };
    return bits(a.squares) == bits(b.squares) && bits(a.mean) == bits(b.mean) && bits(a.variance) == bits(b.variance);
}

}  // namespace

TEST_CASE("a group by hand") {
    std::vector<float> const values{0, 1, 2, 3, 4.5F, -1};
    auto const e = quant::error_of(values, {0, 3}, 2);
    CHECK(e.squares == 1.5 * 1.5 + 1);
    CHECK(e.mse() == 3.25 / 6);
    CHECK(e.mean == 1.5);
    CHECK(quant::error_of({}, {0, 3}, 2).mse() == 0);
    CHECK(quant::error_of(values, {1, 1}, 2).squares == doctest::Approx(1 + 1 + 4 + 3.5 * 3.5 + 4));
    auto const tiny = plainly(values, {0, 1e-320}, 2);  // a scale without an inverse
    CHECK(quant::error_of(values, {0, 1e-320}, 2).squares == doctest::Approx(tiny.squares));
    CHECK(quant::error_of(values, {0, 1e-320}, 2).mean == doctest::Approx(tiny.mean));
    CHECK(tensors::refusal([&] { (void)quant::error_of(values, {0, 1}, 7); }) == quant::fault::invalid_bit_width);
    std::vector<float> const hole{1, std::numeric_limits<float>::quiet_NaN()};
    CHECK(std::isnan(quant::error_of(hole, {0, 3}, 2).squares));
}

TEST_CASE(
    "a thousand groups: as encoding and decoding one by one, ties and clipped values included, on every processor") {
    kvt::random_stream stream{6, "group error"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto t = tensors::some_tensor(stream, round % 50 == 0 ? 3000 : 40);
        bool const ties = round % 3 == 0;
        if (ties)
            for (auto& v : t.values) v = static_cast<float>(std::round(2 * v) / 2);
        auto const values = t.view().group(0);
        std::vector<quant::value_range> ranges{{ties ? -1.5 : -1.3, ties ? t.bits == 2 ? 1.5 : 6 : 2.1}};
        for (auto n = stream.below(4); n > 0; --n) {
            double const lo = 4 * stream.unit() - 3;
            ranges.push_back({lo, lo + 3 * stream.unit()});
        }
        auto const found = quant::errors_of(values, ranges, t.bits);
        for (auto const set : kvt::usable_instruction_sets()) {
            auto const other = quant::errors_of(values, ranges, t.bits, set);
            for (std::size_t r = 0; r < ranges.size(); ++r) REQUIRE(same_bits(other[r], found[r]));
        }
        for (std::size_t r = 0; r < ranges.size(); ++r) {
            auto const expected = plainly(values, ranges[r], t.bits);
            REQUIRE(found[r].squares == doctest::Approx(expected.squares).epsilon(1e-10));
            REQUIRE(found[r].mean == doctest::Approx(expected.mean).epsilon(1e-10));
            REQUIRE(std::abs(found[r].variance - expected.variance) <= 1e-10 * (1 + expected.variance));
            REQUIRE(same_bits(quant::error_of(values, ranges[r], t.bits), found[r]));  // alone or among others
        }
    }
}

TEST_CASE("squared errors are those that coding and measuring find, to the bit, for each of many candidates") {
    kvt::random_stream stream{16, "candidates"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        std::int32_t const bits = 2 << stream.below(3);
        auto const grid = quant::code_grid::unsigned_codes(bits);
        std::vector<float> values(stream.below(round % 100 == 0 ? 150'000 : 600));
        for (auto& v : values) v = static_cast<float>(tensors::bell(stream));
        std::vector<quant::affine> parameters;
        for (auto n = 1 + stream.below(5); n > 0; --n)
            parameters.push_back({stream.below(9) == 0 ? 0 : 4 * stream.unit() / quant::top_code(bits),
                                  stream.below(9) == 0 ? 1e5 : -3 * stream.unit()});
        for (auto const set : kvt::usable_instruction_sets()) {
            auto const found = quant::errors_of(values, parameters, bits, set);
            REQUIRE(found.size() == parameters.size());
            for (std::size_t k = 0; k < parameters.size(); ++k) {
                auto const sums = quant::measure(values, parameters[k], grid, kvt::instruction_set::portable);
                REQUIRE(std::bit_cast<std::uint64_t>(found[k].squares) == std::bit_cast<std::uint64_t>(sums.noise));
                REQUIRE(found[k].count == static_cast<double>(sums.count));
            }
        }
    }
}

TEST_CASE("weighted points give the same bits on every processor, and what a plain loop gives") {
    kvt::random_stream stream{17, "points"};
    for (int round = 0; round < 1000; ++round) {
        std::int32_t const bits = 2 << stream.below(3);
        std::vector<double> points(stream.below(300)), weights(points.size());
        for (auto& p : points) p = tensors::bell(stream);
        for (auto& w : weights) w = 1 + static_cast<double>(stream.below(50));
        quant::value_range const r{-1 - stream.unit(), stream.unit()};
        auto const a = quant::affine::over(r, bits);
        auto const found = quant::errors_of(points, weights, {&r, 1}, bits, kvt::instruction_set::portable).front();
        for (auto const set : kvt::usable_instruction_sets())
            REQUIRE(same_bits(quant::errors_of(points, weights, {&r, 1}, bits, set).front(), found));
        double squares = 0, count = 0, sum = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
            double const y = a.decode(a.encode(points[i], quant::top_code(bits)));
            squares += weights[i] * (points[i] - y) * (points[i] - y), count += weights[i], sum += weights[i] * y;
        }
        REQUIRE(found.count == count);
        REQUIRE(found.squares == doctest::Approx(squares).epsilon(1e-10));
        if (count > 0) REQUIRE(found.mean == doctest::Approx(sum / count).epsilon(1e-10));
    }
}

TEST_CASE("weights are repetitions") {
    std::vector<double> const points{-1, 0.4, 2.2}, weights{3, 1, 2};
    std::vector<float> const values{-1, -1, -1, 0.4F, 2.2F, 2.2F};
    quant::value_range const r{-0.5, 2};
    auto const weighted = quant::errors_of(points, weights, {&r, 1}, 4).front();
    auto const repeated = quant::error_of(values, r, 4);
    CHECK(weighted.count == 6);
    CHECK(weighted.squares == doctest::Approx(repeated.squares).epsilon(1e-6));
    CHECK(weighted.variance == doctest::Approx(repeated.variance).epsilon(1e-6));
    std::vector<double> const one{1};
    CHECK(tensors::refusal([&] { (void)quant::errors_of(points, one, {&r, 1}, 4); }) == quant::fault::length_mismatch);
}
