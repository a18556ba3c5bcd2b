#include <support/refusal.hpp>

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/quant/token_groups.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace kvt::quant;

namespace {

struct drawn {
    std::vector<float> tokens;
    std::size_t channels;
    std::int64_t count;
};

// Tokens whose channels have different sizes and centres, some of them constant.
drawn some_tokens(kvt::random_stream& stream) {
    drawn out{{}, 1 + stream.below(9), static_cast<std::int64_t>(stream.below(90))};
    std::vector<double> size(out.channels), centre(out.channels);
    for (auto& s : size) s = stream.below(6) == 0 ? 0 : std::exp(8 * stream.unit() - 4);
    for (auto& c : centre) c = 20 * stream.unit() - 10;
    for (std::int64_t t = 0; t < out.count; ++t)
        for (std::size_t d = 0; d < out.channels; ++d)
            out.tokens.push_back(static_cast<float>(centre[d] + size[d] * (stream.unit() - 0.5)));
    return out;
}

constexpr std::int32_t widths[]{2, 4, 8};
constexpr parameter_width stored[]{parameter_width::half, parameter_width::single, parameter_width::full};

}  // namespace

TEST_CASE("keys: no value is off by more than half its group's scale, and the residual is untouched") {
    kvt::random_stream stream{5, "keys"};
    for (int round = 0; round < 2000; ++round) {
        auto const in = some_tokens(stream);
        std::int64_t const group = 1 + static_cast<std::int64_t>(stream.below(12));
        keys_per_channel const q{widths[stream.below(3)], group,
                                 group * (1 + static_cast<std::int64_t>(stream.below(3))), stored[stream.below(3)]};
        auto out = in.tokens;
        auto const found = q.reconstruct(out, in.channels);
        REQUIRE(found.tokens == in.count);
        REQUIRE(found.quantized_tokens % q.residual_tokens == 0);
        REQUIRE(in.count - found.quantized_tokens < q.residual_tokens);
        REQUIRE(found.rows() == found.quantized_tokens / group);
        double squares = 0;
        for (std::int64_t t = 0; t < in.count; ++t)
            for (std::size_t d = 0; d < in.channels; ++d) {
                auto const i = static_cast<std::size_t>(t) * in.channels + d;
                double const error = std::abs(static_cast<double>(out[i]) - in.tokens[i]);
                if (t >= found.quantized_tokens) {
                    REQUIRE(error == 0);
                    continue;
                }
                double const scale = found.at(t / group, static_cast<std::int64_t>(d)).scale;
                REQUIRE(error <= scale / 2 + 2e-6 * std::abs(in.tokens[i]) + 1e-12);
                squares += error * error;
            }
        auto const elements = static_cast<double>(found.quantized_tokens) * static_cast<double>(in.channels);
        CHECK(found.mse == doctest::Approx(elements == 0 ? 0 : squares / elements));
        if (elements > 0)
            CHECK(found.bits_per_element == doctest::Approx(q.bits + 2 * static_cast<double>(bits_of(q.parameters)) /
                                                                         static_cast<double>(group)));
    }
}

TEST_CASE("values: each run of a token by itself") {
    kvt::random_stream stream{6, "values"};
    for (int round = 0; round < 2000; ++round) {
        auto const in = some_tokens(stream);
        values_per_token const q{widths[stream.below(3)], 1 + static_cast<std::int64_t>(stream.below(10)),
                                 static_cast<std::int64_t>(stream.below(40)), stored[stream.below(3)]};
        auto out = in.tokens;
        auto const found = q.reconstruct(out, in.channels);
        REQUIRE(found.quantized_tokens == std::max<std::int64_t>(0, in.count - q.residual_tokens));
        REQUIRE(found.rows() == found.quantized_tokens);
        for (std::int64_t t = 0; t < in.count; ++t)
            for (std::size_t d = 0; d < in.channels; ++d) {
                auto const i = static_cast<std::size_t>(t) * in.channels + d;
                double const error = std::abs(static_cast<double>(out[i]) - in.tokens[i]);
                if (t >= found.quantized_tokens) REQUIRE(error == 0);
                else
                    REQUIRE(error <= found.at(t, static_cast<std::int64_t>(d) / q.group_channels).scale / 2 +
                                         2e-6 * std::abs(in.tokens[i]) + 1e-12);
            }
        // A token's result does not depend on the others.
        if (found.quantized_tokens == 0) continue;
        std::vector<float> alone(in.tokens.begin(), in.tokens.begin() + static_cast<std::ptrdiff_t>(in.channels));
        (void)values_per_token{q.bits, q.group_channels, 0, q.parameters}.reconstruct(alone, in.channels);
        REQUIRE(std::equal(alone.begin(), alone.end(), out.begin()));
    }
}

TEST_CASE("what is constant comes back as it was, and twice is no worse than once") {
    std::vector<float> same(64, 1.2345678F);
    for (std::int32_t const bits : widths) {
        auto again = same;
        auto const found = keys_per_channel{bits, 8, 8}.reconstruct(again, 4);
        CHECK(again == same);
        CHECK(found.mse == 0);
        CHECK(found.at(0, 0).scale == 0);
    }
    kvt::random_stream stream{7, "twice"};
    for (int round = 0; round < 1000; ++round) {
        auto in = some_tokens(stream);
        keys_per_channel const q{widths[stream.below(3)], 4, 4};
        (void)q.reconstruct(in.tokens, in.channels);
        auto const second = q.reconstruct(in.tokens, in.channels);
        REQUIRE(second.mse < 1e-10);  // codes stand for themselves
    }
}

TEST_CASE("stored parameters cover the range") {
    kvt::random_stream stream{8, "stored"};
    for (int round = 0; round < 5000; ++round) {
        double const lo = (stream.unit() - 0.5) * std::exp(14 * stream.unit() - 7);
        value_range const r{lo, lo + std::exp(14 * stream.unit() - 7)};
        std::int32_t const bits = widths[stream.below(3)];
        for (auto const width : {parameter_width::half, parameter_width::single}) {
            auto const a = stored_affine(r, bits, width);
            REQUIRE(a.offset <= r.lo);
            REQUIRE(a.offset + a.scale * top_code(bits) >= r.hi * (1 - 1e-15) - 1e-15);
            double const step = width == parameter_width::half ? 0x1p-10 : 0x1p-22;
            REQUIRE(a.offset >= r.lo - std::abs(r.lo) * step - 0x1p-24);
        }
    }
    auto const wide = error_of<quant_error>([] { (void)stored_affine({-1e6, 1e6}, 2, parameter_width::half); });
    REQUIRE(wide);
    CHECK(wide->code() == fault::invalid_scale);
}

TEST_CASE("groups of any lengths") {
    std::vector<float> const tokens{1, 10, 2, 20, 3, 30, 4, 40, 5, 50};
    std::vector<std::size_t> const bounds{0, 1, 4};
    auto const found = channel_groups(tokens, 2, bounds, 2);
    REQUIRE(found.rows() == 2);
    CHECK(found.at(0, 1).scale == 0);
    CHECK(found.at(0, 1).offset == 10);
    CHECK(found.at(1, 1).offset == 20);
    CHECK(found.at(1, 1).scale == doctest::Approx(20.0 / 3));
    CHECK(channel_groups(tokens, 2, {}, 2).rows() == 0);
}

TEST_CASE("what is refused, and that nothing has changed then") {
    std::vector<float> tokens(32, 1.0F);
    auto const code = [&](auto&& f) {
        auto const e = error_of<quant_error>(f);
        REQUIRE(e);
        return e->code();
    };
    auto const keys = [&](keys_per_channel q, std::size_t channels = 4) {
        return code([&, q, channels] { (void)q.reconstruct(tokens, channels); });
    };
    CHECK(keys({3, 4, 4}) == fault::invalid_bit_width);
    CHECK(keys({2, 0, 4}) == fault::invalid_group_size);
    CHECK(keys({2, 4, 6}) == fault::invalid_residual);
    CHECK(keys({2, 4, 0}) == fault::invalid_residual);
    CHECK(keys({2, 4, 4}, 5) == fault::length_mismatch);
    CHECK(keys({2, 4, 4}, 0) == fault::length_mismatch);
    CHECK(code([&] { (void)values_per_token{2, 4, -1}.reconstruct(tokens, 4); }) == fault::invalid_residual);
    CHECK(code([&] { (void)values_per_token{2, 0, 0}.reconstruct(tokens, 4); }) == fault::invalid_group_size);
    std::vector<std::size_t> const empty{0, 2, 2}, beyond{0, 9};
    CHECK(code([&] { (void)channel_groups(tokens, 4, empty, 2); }) == fault::invalid_time_range);
    CHECK(code([&] { (void)channel_groups(tokens, 4, beyond, 2); }) == fault::invalid_time_range);
    tokens[1] = 0.25F, tokens[30] = std::numeric_limits<float>::quiet_NaN();
    CHECK(keys({2, 4, 4}) == fault::non_finite_input);
    CHECK(holds(refusal([&] { (void)keys_per_channel{2, 4, 4}.reconstruct(tokens, 4); }), "token 7, channel 2"));
    CHECK(tokens[1] == 0.25F);
}
