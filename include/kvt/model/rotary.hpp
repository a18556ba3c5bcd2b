// rotary: cached keys as they were before they were rotated for their positions, and back.
#pragma once

#include <kvt/model/shape.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// The rotary positions of a model (half-rotation pairing): channel i turns with channel i + head_dim / 2. Everything in
/// binary64, so that there and back is off by no more than the rounding of the floats themselves.
class rotary {
  public:
    explicit rotary(shape const& s);

    /// Rotates the rows of one head, `head_dim` floats for each position, forward (what the transformer does before it
    /// stores a key) or back.
    void rotate(std::span<float> rows, std::span<std::int32_t const> positions) const { turn(rows, positions, 1); }
    void unrotate(std::span<float> rows, std::span<std::int32_t const> positions) const { turn(rows, positions, -1); }

  private:
    void turn(std::span<float> rows, std::span<std::int32_t const> positions, int direction) const;

    std::vector<double> frequencies_;  // of each pair
};

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/rotary.ipp>
#endif
