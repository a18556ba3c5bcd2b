#pragma once

#include <kvt/numeric/mt19937_reference.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <random>

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

struct mt19937_reference::engine {
    std::mt19937 draw;
};

KVT_DECL mt19937_reference::mt19937_reference(std::int64_t seed)
    : engine_{std::make_unique<engine>(detail::mt19937_seeded(seed))} {}
KVT_DECL mt19937_reference::mt19937_reference(mt19937_reference const& other)
    : engine_{std::make_unique<engine>(*other.engine_)} {}
KVT_DECL mt19937_reference& mt19937_reference::operator=(mt19937_reference const& other) {
    *engine_ = *other.engine_;
    return *this;
}
KVT_DECL mt19937_reference::~mt19937_reference() = default;

KVT_DECL std::uint32_t mt19937_reference::next() { return static_cast<std::uint32_t>(engine_->draw()); }

KVT_DECL std::uint32_t mt19937_reference::below(std::uint32_t n) {
    int const drop = std::countl_zero(n);  // keeps bit_length(n) bits
    for (;;) {
        std::uint32_t const drawn = next() >> drop;
        if (drawn < n) return drawn;
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
