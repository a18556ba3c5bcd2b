#include <kvt/tensor/half.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace kvt::tensor;

namespace {

// The definition of binary16, by arithmetic instead of by bits.
double by_definition(std::uint16_t half) {
    int const exponent = half >> 10 & 31;
    double const fraction = half & 1023;
    double const magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

}  // namespace

TEST_CASE("every binary16 converts exactly and comes back") {
    int wrong = 0;
    for (std::uint32_t h = 0; h < 0x10000; ++h) {
        auto const half = static_cast<std::uint16_t>(h);
        float const value = from_f16(half);
        if ((h >> 10 & 31) == 31) {
            wrong += (h & 1023) == 0 ? !std::isinf(value) : !std::isnan(value);
            wrong += std::signbit(value) != ((h & 0x8000) != 0);
            wrong += (h & 1023) == 0 ? to_f16(value) != half : (to_f16(value) & 0x7C00) != 0x7C00;
        } else {
            wrong += static_cast<double>(value) != by_definition(half);
            wrong += std::signbit(value) != ((h & 0x8000) != 0);
            wrong += to_f16(value) != half;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("binary16 rounds to the nearest, ties to even") {
    int wrong = 0;
    for (std::uint16_t h = 0; h < 0x7BFF; ++h) {  // between every two finite neighbours
        float const low = from_f16(h), high = from_f16(static_cast<std::uint16_t>(h + 1));
        float const middle = (low + high) / 2;
        wrong += to_f16(middle) != (h % 2 == 0 ? h : h + 1);
        wrong += to_f16(std::nextafter(middle, 0.0F)) != h;
        wrong += to_f16(std::nextafter(middle, 1e9F)) != h + 1;
        wrong += to_f16(-middle) != (0x8000 | (h % 2 == 0 ? h : h + 1));
    }
    CHECK(wrong == 0);
    CHECK(to_f16(65519.996F) == 0x7BFF);
    CHECK(to_f16(65520.0F) == 0x7C00);
    CHECK(to_f16(1e30F) == 0x7C00);
    CHECK(to_f16(-1e-30F) == 0x8000);
}

TEST_CASE("bfloat16 is the upper half of a float, rounded to the nearest even") {
    CHECK(from_bf16(0x3F80) == 1.0F);
    CHECK(std::signbit(from_bf16(0x8000)));
    int wrong = 0;
    for (std::uint32_t h = 0; h < 0x10000; ++h)
        if ((h & 0x7FFF) <= 0x7F80) wrong += to_bf16(from_bf16(static_cast<std::uint16_t>(h))) != h;
    CHECK(wrong == 0);
    CHECK(to_bf16(std::bit_cast<float>(0x3F808000U)) == 0x3F80);
    CHECK(to_bf16(std::bit_cast<float>(0x3F818000U)) == 0x3F82);
    CHECK(to_bf16(std::bit_cast<float>(0x3F808001U)) == 0x3F81);
    CHECK(to_bf16(std::numeric_limits<float>::max()) == 0x7F80);
    CHECK(std::isnan(from_bf16(to_bf16(std::bit_cast<float>(0x7F800001U)))));
}

static_assert(from_f16(0x3C00) == 1.0F && to_f16(0.333251953125F) == 0x3555);
