// The reference implementation's random indices: a Mersenne Twister seeded by the words of |seed|.
#pragma once

#include <kvt/version.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>

namespace kvt::inline KVT_ABI::numeric {

/// MT19937 under the array initialiser of its authors (Matsumoto and Nishimura, "mt19937ar", 2002), with the 32-bit
/// little-endian words of |seed| as key, and indices taken from the top bits with rejection (spec N3).
class mt19937_reference {
  public:
    explicit mt19937_reference(std::int64_t seed) : engine_{make(seed)} {}

    [[nodiscard]] std::uint32_t next() { return static_cast<std::uint32_t>(engine_()); }

    /// Uniform in 0..n-1; n in 1..2^32-1.
    [[nodiscard]] std::uint32_t below(std::uint32_t n) {
        int const drop = std::countl_zero(n);  // keeps bit_length(n) bits
        for (;;) {
            std::uint32_t const drawn = next() >> drop;
            if (drawn < n) return drawn;
        }
    }

  private:
    /// Hands the standard engine its whole state, as the array initialiser leaves it.
    struct key_schedule {
        using result_type = std::uint32_t;
        std::array<std::uint32_t, 2> key;
        std::size_t length;

        template <class It> void generate(It first, It last) const {
            auto const n = static_cast<std::size_t>(last - first);
            first[0] = 19650218U;
            for (std::size_t i = 1; i < n; ++i)
                first[i] = mixed(first[i - 1], 1812433253U) + static_cast<std::uint32_t>(i);
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
    [[nodiscard]] static std::mt19937 make(std::int64_t seed) {
        std::uint64_t const size = seed < 0 ? 0 - static_cast<std::uint64_t>(seed) : static_cast<std::uint64_t>(seed);
        key_schedule schedule{{static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(size >> 32)},
                              size >> 32 ? 2U : 1U};
        return std::mt19937{schedule};
    }

    std::mt19937 engine_;
};

}  // namespace kvt::inline KVT_ABI::numeric
