#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/smoothed_keys.hpp>
#include <kvt/quant/token_smoothness.hpp>

namespace quant = kvt::quant;
using quant::fault;

namespace {

constexpr std::size_t channels = 3;

/// Channels with an offset of their own, whose spread wanders.
std::vector<float> some_keys(kvt::random_stream& stream, std::size_t tokens) {
    std::vector<float> out;
    for (std::size_t t = 0; t < tokens; ++t)
        for (std::size_t d = 0; d < channels; ++d)
            out.push_back(static_cast<float>(4.0 * static_cast<double>(d) + tensors::bell(stream)));
    return out;
}

double squares(std::vector<float> const& a, std::vector<float> const& b, std::size_t group, std::size_t channel,
               std::size_t each) {
    double out = 0;
    for (std::size_t t = group * each; t < (group + 1) * each; ++t) {
        double const e = static_cast<double>(a[t * channels + channel]) - b[t * channels + channel];
        out += e * e;
    }
    return out;
}

}  // namespace

TEST_CASE("no group of a channel is worse than plainly quantized by more than the budget, and the score rises") {
    kvt::random_stream stream{31, "smoothed keys"};
    double before = 0, after = 0;
    for (int round = 0; round < 200; ++round) {
        CAPTURE(round);
        auto const keys = some_keys(stream, 70);
        auto const bits = static_cast<std::int32_t>(2 << stream.below(3));
        auto const width = round % 2 == 0 ? quant::parameter_width::half : quant::parameter_width::full;
        auto plain = keys, smooth = keys;
        auto const p = quant::keys_per_channel{bits, 8, 16, width}.reconstruct(plain, channels);
        auto const s = quant::smoothed_keys{bits, 8, 16, width}.reconstruct(smooth, channels);
        REQUIRE(s.quantized_tokens == 64);
        REQUIRE(s.parameters.size() == p.parameters.size());
        REQUIRE(s.bits_per_element == p.bits_per_element);
        for (std::size_t g = 0; g < 8; ++g)
            for (std::size_t d = 0; d < channels; ++d)  // reconstructions are rounded to floats
                REQUIRE(squares(smooth, keys, g, d, 8) <= 1.01 * squares(plain, keys, g, d, 8) * (1 + 1e-4));
        for (std::size_t i = 64 * channels; i < keys.size(); ++i) REQUIRE(smooth[i] == keys[i]);
        before += quant::smoothness_of(p, bits).score, after += quant::smoothness_of(s, bits).score;
    }
    CHECK(after > before * 1.01);
}

TEST_CASE("what a group gets depends on no later token") {
    kvt::random_stream stream{32, "smoothed keys"};
    for (int round = 0; round < 200; ++round) {
        CAPTURE(round);
        auto const keys = some_keys(stream, 64);
        auto all = keys;
        std::vector<float> part(keys.begin(), keys.begin() + 32 * channels);
        quant::smoothed_keys const rule{2, 8, 8, quant::parameter_width::half};
        auto const long_one = rule.reconstruct(all, channels), short_one = rule.reconstruct(part, channels);
        for (std::size_t i = 0; i < short_one.parameters.size(); ++i)
            REQUIRE(short_one.parameters[i].scale == long_one.parameters[i].scale);
        for (std::size_t i = 0; i < part.size(); ++i) REQUIRE(part[i] == all[i]);
    }
}

TEST_CASE("few tokens, and what is refused") {
    std::vector<float> few(5 * channels, 1.0F);
    auto const same = few;
    CHECK(quant::smoothed_keys{2, 8, 8}.reconstruct(few, channels).parameters.empty());
    CHECK(few == same);
    CHECK(tensors::refusal([] { quant::smoothed_keys{3, 8, 8}.check(); }) == fault::invalid_bit_width);
    CHECK(tensors::refusal([] { quant::smoothed_keys{2, 8, 12}.check(); }) == fault::invalid_residual);
    CHECK(tensors::refusal([] { quant::smoothed_keys{.smoothing = {.window = 0}}.check(); }) ==
          fault::invalid_window_size);
}
