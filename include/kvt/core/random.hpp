// The one random generator: SplitMix64 streams, started by hashing (seed, label), with random access.
#pragma once

#include <kvt/core/hash.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// A SplitMix64 stream (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014, section 5).
/// A draw is a pure function of the start state and its position, so kernels may compute draws in any order.
class random_stream {
  public:
    static constexpr std::uint64_t increment = 0x9E3779B97F4A7C15ULL;

    constexpr explicit random_stream(std::uint64_t state) : state_{state} {}
    /// The stream of `(seed, label)`: starts at the first 8 bytes, big-endian, of SHA-256 over `<seed>|<label>`.
    random_stream(std::int64_t seed, std::string_view label) : state_{start(seed, label)} {}

    /// The draw at `position` (0 = the next one) without moving.
    [[nodiscard]] constexpr std::uint64_t peek(std::uint64_t position = 0) const {
        return mix(state_ + (position + 1) * increment);
    }
    constexpr std::uint64_t next() {
        state_ += increment;
        return mix(state_);
    }
    /// Uniform in 0..n-1 without bias (Lemire: "Fast random integer generation in an interval", 2019); n > 0.
    constexpr std::uint64_t below(std::uint64_t n) {
        auto m = static_cast<unsigned_128>(next()) * n;
        if (static_cast<std::uint64_t>(m) < n) {
            std::uint64_t const threshold = (0 - n) % n;
            while (static_cast<std::uint64_t>(m) < threshold) m = static_cast<unsigned_128>(next()) * n;
        }
        return static_cast<std::uint64_t>(m >> 64);
    }
    /// Uniform in [0, 1), a multiple of 2^-53.
    constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    constexpr void skip(std::uint64_t draws) { state_ += draws * increment; }
    [[nodiscard]] constexpr std::uint64_t state() const { return state_; }

    [[nodiscard]] static constexpr std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

  private:
    __extension__ typedef unsigned __int128 unsigned_128;
    static std::uint64_t start(std::int64_t seed, std::string_view label) {
        auto const digest = sha256(std::to_string(seed) + "|" + std::string{label});
        std::uint64_t state = 0;
        for (int i = 0; i < 8; ++i) state = state << 8 | digest[static_cast<std::size_t>(i)];
        return state;
    }

    std::uint64_t state_;
};

}  // namespace kvt::inline KVT_ABI
