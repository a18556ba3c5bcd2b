// group_histogram: a group as a few hundred points, on which a range's error costs the same whatever the group's size.
#pragma once

#include <kvt/quant/group_error.hpp>
#include <kvt/quant/transition.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The values in equal bins between their least and greatest, each bin as its mean, its count and its sum of squared
/// distances from the mean. What it says of a range is never below the error of the values it was made of, but for
/// rounding, and is exact where no bin holds values of two codes: a bin's values all count with the code of their mean.
/// Sixteen bins a code step leave the excess below about one per cent on smooth data.
class group_histogram {
  public:
    /// The number of bins that gives every code step of an unclipped range at least sixteen: 256, or 4096 at 8 bits.
    [[nodiscard]] static std::int32_t bins_for(std::int32_t bits) { return bits == 8 ? 4096 : 256; }

    /// Of short runs of values, evenly spaced, at most `sample` values (0: of all). Values are finite; `bins` is 1 or more.
    explicit group_histogram(std::span<float const> values, std::int32_t bins = 256, std::size_t sample = 0);

    [[nodiscard]] std::vector<group_error> errors(std::span<value_range const> ranges, std::int32_t bits) const;
    /// Mean and deviation of the values that it counts.
    [[nodiscard]] gaussian moments() const;
    [[nodiscard]] std::size_t points() const { return mean_.size(); }  ///< bins that hold something

  private:
    std::vector<double> mean_{}, count_{};
    double within_ = 0;  ///< sum of squared distances from the bins' means, which no range changes
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/group_histogram.ipp>
#endif
