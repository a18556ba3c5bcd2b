// entropy: how evenly values fill their range, and the width that suggests (a heuristic, off by default).
#pragma once

#include <kvt/quant/affine.hpp>

#include <span>

namespace kvt::inline KVT_ABI::quant {

/// `-sum p log2 p / log2 K` over K equal bins of [least, greatest], the greatest value in the last; 0 where all are equal or
/// there are none (markov-smoothness 1.6). In 0..1. Throws `invalid_group_size` for fewer than 2 bins and `non_finite_input`.
[[nodiscard]] double normalized_entropy(std::span<float const> values, std::int64_t bins = 256);

/// 8 below 0.5, 4 below 0.7, else 2.
[[nodiscard]] constexpr std::int32_t suggested_bits(double entropy) {
    return entropy < 0.5 ? 8 : entropy < 0.7 ? 4 : 2;
}

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/entropy.ipp>
#endif
