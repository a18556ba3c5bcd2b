// mt19937_units: uniform and normal numbers from a Mersenne Twister, for figures that must come out as another program's.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace kvt::inline KVT_ABI::numeric {

/// The 32-bit Mersenne Twister under its scalar initialiser (`std::mt19937{seed}`): doubles of 53 bits from two words each,
/// normals by the polar method (Marsaglia and Bray 1964). Where nothing has to be matched, take `random_stream`.
class mt19937_units {
  public:
    explicit mt19937_units(std::uint32_t seed);
    mt19937_units(mt19937_units const& other);
    mt19937_units& operator=(mt19937_units const& other);
    ~mt19937_units();

    /// Uniform in [0, 1): (a·2^26 + b) / 2^53 with a the next word without its last 5 bits, b the one after without 6.
    [[nodiscard]] double unit();
    [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * unit(); }
    /// Standard normal. Numbers come in pairs, the second first; the other waits for the next call.
    [[nodiscard]] double normal();

  private:
    struct engine;  ///< apart, because <random> is dear to include
    std::unique_ptr<engine> engine_;
    std::optional<double> kept_;
};

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/mt19937_units.ipp>
#endif
