// The reference implementation's random indices: a Mersenne Twister seeded by the words of |seed|.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <memory>

namespace kvt::inline KVT_ABI::numeric {

/// MT19937 under the array initialiser of its authors (Matsumoto and Nishimura, "mt19937ar", 2002), with the 32-bit
/// little-endian words of |seed| as key, and indices taken from the top bits with rejection (spec N3).
class mt19937_reference {
  public:
    explicit mt19937_reference(std::int64_t seed);
    mt19937_reference(mt19937_reference const& other);
    mt19937_reference& operator=(mt19937_reference const& other);
    ~mt19937_reference();

    [[nodiscard]] std::uint32_t next();

    /// Uniform in 0..n-1; n in 1..2^32-1.
    [[nodiscard]] std::uint32_t below(std::uint32_t n);

  private:
    struct engine;  ///< apart, because <random> is dear to include
    std::unique_ptr<engine> engine_;
};

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/mt19937_reference.ipp>
#endif
