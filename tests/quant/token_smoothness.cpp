#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/quant/token_smoothness.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace kvt::quant;

namespace {

std::vector<float> some_keys(kvt::random_stream& stream, std::size_t count, std::size_t channels) {
    std::vector<float> out;
    for (std::size_t i = 0; i < count * channels; ++i)
        out.push_back(static_cast<float>((stream.unit() - 0.5) * std::exp(4 * stream.unit())));
    return out;
}

token_smoothness of(std::vector<float> tokens, std::size_t channels, std::int32_t bits, std::int64_t group) {
    return smoothness_of(keys_per_channel{bits, group, group}.reconstruct(tokens, channels), bits);
}

}  // namespace

TEST_CASE("bounded smoothness: in [0, 1], the same for every width and unit, and in both directions") {
    kvt::random_stream stream{9, "smooth"};
    for (int round = 0; round < 1000; ++round) {
        std::size_t const channels = 1 + stream.below(6), groups = 1 + stream.below(6);
        auto const keys = some_keys(stream, 4 * groups, channels);
        auto const two = of(keys, channels, 2, 4), eight = of(keys, channels, 8, 4);
        REQUIRE(two.score >= 0);
        REQUIRE(two.score <= 1);
        REQUIRE(two.score == doctest::Approx(eight.score).epsilon(1e-9));
        REQUIRE(two.worst == *std::ranges::min_element(two.columns));
        REQUIRE(two.columns[static_cast<std::size_t>(two.worst_column)] == two.worst);
        if (groups > 1) {
            double const mean = std::accumulate(two.boundaries.begin(), two.boundaries.end(), 0.0) /
                                static_cast<double>(two.boundaries.size());
            REQUIRE(two.score == doctest::Approx(mean));
        }
        auto larger = keys;
        for (float& x : larger) x *= 64;
        REQUIRE(of(larger, channels, 2, 4).score == doctest::Approx(two.score).epsilon(1e-9));
        std::vector<float> backward;
        for (std::size_t t = 4 * groups; t-- > 0;)
            backward.insert(backward.end(), keys.begin() + static_cast<std::ptrdiff_t>(t * channels),
                            keys.begin() + static_cast<std::ptrdiff_t>((t + 1) * channels));
        auto const back = of(backward, channels, 2, 4);
        REQUIRE(back.score == doctest::Approx(two.score));
        auto profile = back.boundaries;
        std::ranges::reverse(profile);
        for (std::size_t i = 0; i < profile.size(); ++i) REQUIRE(profile[i] == doctest::Approx(two.boundaries[i]));
    }
}

TEST_CASE("a jump of scale, of offset, of both") {
    auto const groups = [](std::vector<affine> parameters) {
        token_groups out{.columns = 1, .parameters = std::move(parameters)};
        return smoothness_of(out, 4).boundaries.at(0);
    };
    CHECK(groups({{0, 1}, {0, 1}}) == 1);
    CHECK(groups({{0, 1}, {0, 2}}) == 0.5);
    CHECK(groups({{0, 1}, {1, 1}}) == 0.5);
    CHECK(groups({{1, 0}, {2, 0}}) == 0.75);
    CHECK(groups({{1, 0}, {1, 7.5}}) == 0.75);
    CHECK(groups({{1, 0}, {0, 100}}) == 0);
}

TEST_CASE("no group or one: 1") {
    std::vector<float> tokens{1, 2, 3, 4, 5, 6};
    auto const none = of(tokens, 2, 2, 8), one = of(tokens, 2, 2, 3);
    for (auto const& s : {none, one}) {
        CHECK(s.score == 1);
        CHECK(s.worst == 1);
        CHECK(s.columns == std::vector<double>{1, 1});
        CHECK(s.headline == 1);
        CHECK(s.boundaries.empty());
    }
}

TEST_CASE("columns that count more, and weights that are none") {
    std::vector<float> const keys{0, 0, 1, 1, 0, 0, 1, 5};  // channel 0 stays, channel 1 jumps
    auto tokens = keys;
    auto const groups = keys_per_channel{2, 2, 2}.reconstruct(tokens, 2);
    auto const plain = smoothness_of(groups, 2);
    auto const same = smoothness_of(groups, 2, std::vector<double>{3, 3});
    CHECK(same.score == doctest::Approx(plain.score));
    CHECK(smoothness_of(groups, 2, std::vector<double>{0, 0}).score == doctest::Approx(plain.score));
    auto const still = smoothness_of(groups, 2, std::vector<double>{1, 0});
    CHECK(still.score == 1);
    CHECK(still.boundaries[0] == 1);
    auto const moving = smoothness_of(groups, 2, std::vector<double>{1, 3});
    CHECK(1 - moving.boundaries[0] == doctest::Approx(1.5 * (1 - plain.boundaries[0])));
    auto const refused = [&](std::vector<double> weights) {
        try {
            (void)smoothness_of(groups, 2, weights);
        } catch (quant_error const& e) {
            return e.code();
        }
        return fault::empty_input;
    };
    CHECK(refused({1}) == fault::length_mismatch);
    CHECK(refused({1, -1}) == fault::invalid_weight);
    CHECK(refused({1, std::nan("")}) == fault::invalid_weight);
}
