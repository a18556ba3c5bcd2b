// mt19937_stream: numbers from a Mersenne Twister, for figures that must come out as another program's.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace kvt::inline KVT_ABI::numeric {

/// The 32-bit Mersenne Twister (Matsumoto and Nishimura 1998): words, indices, doubles of 53 bits and normals, each as the
/// programs that use it draw them. Where nothing has to be matched, take `random_stream`.
class mt19937_stream {
  public:
    /// Under the scalar initialiser, as `std::mt19937{seed}`.
    [[nodiscard]] static mt19937_stream seeded(std::uint32_t seed);
    /// Under the array initialiser of its authors ("mt19937ar", 2002), with the 32-bit little-endian words of |seed| as key
    /// (kv-harness N3).
    [[nodiscard]] static mt19937_stream keyed(std::int64_t seed);

    mt19937_stream(mt19937_stream const& other);
    mt19937_stream& operator=(mt19937_stream const& other);
    ~mt19937_stream();

    [[nodiscard]] std::uint32_t next();
    /// Uniform in 0..n-1, from the top bits with rejection; n in 1..2^32-1.
    [[nodiscard]] std::uint32_t below(std::uint32_t n);
    /// Uniform in [0, 1): (a·2^26 + b) / 2^53 with a the next word without its last 5 bits, b the one after without 6.
    [[nodiscard]] double unit();
    [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * unit(); }
    /// Standard normal, by the polar method (Marsaglia and Bray 1964). Numbers come in pairs, the second first; the other
    /// waits for the next call.
    [[nodiscard]] double normal();

  private:
    struct engine;  ///< apart, because <random> is dear to include
    explicit mt19937_stream(std::unique_ptr<engine> e);
    std::unique_ptr<engine> engine_;
    std::optional<double> kept_;
};

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/mt19937_stream.ipp>
#endif
