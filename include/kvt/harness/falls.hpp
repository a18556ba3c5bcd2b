// Falls between runs: what each prompt adds to one, and down to which budget a bin holds.
#pragma once

#include <kvt/harness/findings.hpp>
#include <kvt/harness/measured.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// Which requests of a bin its mean is taken over.
enum class averaged : std::uint8_t { scored, all };

/// What each entry adds to the difference of two runs' means in one bin: the entries' mean is the difference of the means
/// itself, and resampling them resamples pairs. With every request scored these are the paired differences; where one
/// run lacks a score, the entry adds what it does to the other's mean (the influence function of a mean). Empty where a
/// run has nothing to count.
[[nodiscard]] std::vector<double> paired_falls(measured_run const& pre, measured_run const& post, std::int64_t bin,
                                               averaged which);

/// For every bin the smallest budget down to which accuracy stays within `threshold` of the baseline's.
[[nodiscard]] std::vector<bin_hold> holds(std::span<measured_run const* const> curve, double threshold);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/falls.ipp>
#endif
