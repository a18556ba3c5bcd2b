// What the draw kernels of every instruction set share: their tasks, and the exact answer for one resample.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/core/random.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#if KVT_KERNELS_X86
#include <immintrin.h>
#endif

namespace kvt::inline KVT_ABI::numeric::detail {

__extension__ typedef unsigned __int128 wide_unsigned;

/// 2^64 mod n: a draw whose low half of draw·n lies below it is rejected.
inline std::uint64_t rejection_threshold(std::uint64_t n) { return (0 - n) % n; }

/// Up to this many values the kernels take an index from the upper half of an unfinished draw. The full product draw·n
/// lies within 3n of the bound they compare with, in units of 2^32; a resample with a draw closer than that to the next
/// index (or to a rejection, which is there too) is added up again exactly. Until then its index may be n.
inline constexpr std::uint32_t quick_limit = 4096;

/// Sums of resamples of one group of values.
struct sum_task {
    std::span<double const> values;
    double const* readable = nullptr;  ///< the same; of up to `quick_limit` one more, for an index in doubt
    std::uint64_t state = 0;           ///< of the stream before the first draw of resample 0
    std::uint64_t stride = 0;          ///< draws from the start of one resample to the start of the next
    std::span<double> sums{};          ///< one a resample
};

/// The sum of the resample that begins at `state`, in draw order; null where a draw of it is rejected.
inline std::optional<double> exact_sum(std::span<double const> values, std::uint64_t state) {
    std::uint64_t const n = values.size(), threshold = rejection_threshold(n);
    double total = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
        auto const product = static_cast<wide_unsigned>(random_stream{state}.peek(i)) * n;
        if (static_cast<std::uint64_t>(product) < threshold) return std::nullopt;
        total += values[static_cast<std::size_t>(product >> 64)];
    }
    return total;
}

}  // namespace kvt::inline KVT_ABI::numeric::detail
