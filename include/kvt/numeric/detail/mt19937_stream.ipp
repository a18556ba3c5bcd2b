#pragma once

#include <kvt/numeric/mt19937_stream.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <random>
#include <utility>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

/// Hands the standard engine its whole state, as the array initialiser leaves it.
struct mt19937_key_schedule {
    using result_type = std::uint32_t;
    std::array<std::uint32_t, 2> key;
    std::size_t length;

    template <class It> void generate(It first, It last) const {
        auto const n = static_cast<std::size_t>(last - first);
        first[0] = 19650218U;
        for (std::size_t i = 1; i < n; ++i) first[i] = mixed(first[i - 1], 1812433253U) + static_cast<std::uint32_t>(i);
        std::size_t i = 1;
        auto const advance = [&] {
            if (++i == n) first[0] = first[n - 1], i = 1;
        };
        for (std::size_t k = 0, j = 0; k < n; ++k, j = (j + 1) % length, advance())
            first[i] = (first[i] ^ mixed(first[i - 1], 1664525U)) + key[j] + static_cast<std::uint32_t>(j);
        for (std::size_t k = 1; k < n; ++k, advance())
            first[i] = (first[i] ^ mixed(first[i - 1], 1566083941U)) - static_cast<std::uint32_t>(i);
        first[0] = 0x80000000U;
    }
    [[nodiscard]] static std::uint32_t mixed(std::uint_fast32_t before, std::uint32_t factor) {
        auto const word = static_cast<std::uint32_t>(before);
        return (word ^ (word >> 30)) * factor;
    }
};
[[nodiscard]] KVT_DECL std::mt19937 mt19937_seeded(std::int64_t seed) {
    std::uint64_t const size = seed < 0 ? 0 - static_cast<std::uint64_t>(seed) : static_cast<std::uint64_t>(seed);
    mt19937_key_schedule schedule{{static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(size >> 32)},
                                  size >> 32 ? 2U : 1U};
    return std::mt19937{schedule};
}

}  // namespace detail

struct mt19937_stream::engine {
    std::mt19937 draw;
};

KVT_DECL mt19937_stream::mt19937_stream(std::unique_ptr<engine> e) : engine_{std::move(e)} {}
KVT_DECL mt19937_stream mt19937_stream::seeded(std::uint32_t seed) {
    return mt19937_stream{std::make_unique<engine>(engine{std::mt19937{seed}})};
}
KVT_DECL mt19937_stream mt19937_stream::keyed(std::int64_t seed) {
    return mt19937_stream{std::make_unique<engine>(engine{detail::mt19937_seeded(seed)})};
}
KVT_DECL mt19937_stream::mt19937_stream(mt19937_stream const& other)
    : engine_{std::make_unique<engine>(*other.engine_)}, kept_{other.kept_} {}
KVT_DECL mt19937_stream& mt19937_stream::operator=(mt19937_stream const& other) {
    *engine_ = *other.engine_;
    kept_ = other.kept_;
    return *this;
}
KVT_DECL mt19937_stream::~mt19937_stream() = default;

KVT_DECL std::uint32_t mt19937_stream::next() { return static_cast<std::uint32_t>(engine_->draw()); }

KVT_DECL std::uint32_t mt19937_stream::below(std::uint32_t n) {
    int const drop = std::countl_zero(n);  // keeps bit_length(n) bits
    for (;;) {
        std::uint32_t const drawn = next() >> drop;
        if (drawn < n) return drawn;
    }
}

KVT_DECL double mt19937_stream::unit() {
    auto const a = next() >> 5, b = next() >> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
}

KVT_DECL double mt19937_stream::normal() {
    if (kept_) return *std::exchange(kept_, std::nullopt);
    for (;;) {
        double const x1 = 2 * unit() - 1, x2 = 2 * unit() - 1, r2 = x1 * x1 + x2 * x2;
        if (!(r2 > 0 && r2 < 1)) continue;
        double const f = std::sqrt(-2 * std::log(r2) / r2);
        kept_ = f * x1;
        return f * x2;
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
