// What a core can do at most: independent fused multiply-adds from registers alone.
#pragma once

#include <kvt/core/instruction_set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace bench {

using kvt::instruction_set;

typedef float floats8 __attribute__((vector_size(32)));
typedef float floats16 __attribute__((vector_size(64)));

/// Operations a second of vectors in twelve chains, which hide the latency. Benchmarks are compiled for the processor at hand,
/// so that the compiler fuses the two operations.
template <class vec, std::size_t... Chain> double fused_rate(std::index_sequence<Chain...>) {
    constexpr long rounds = 200'000;
    vec const a = vec{} + 0.999F, b = vec{} + 0.001F;
    vec sums[] = {(vec{} + static_cast<float>(Chain))...};
    auto const start = std::chrono::steady_clock::now();
    for (long r = 0; r < rounds; ++r) ((sums[Chain] = sums[Chain] * a + b), ...);
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    vec kept{};
    ((kept += sums[Chain]), ...);
    if (kept[0] == 0) std::puts("");
    return static_cast<double>(rounds) * sizeof...(Chain) * 2 * (sizeof(vec) / sizeof(float)) / seconds;
}

/// Floating-point operations a second, best of several; 0 where unknown.
inline double peak_of(instruction_set set) {
    using chains = std::make_index_sequence<12>;
    double best = 0;
    for (int i = 0; i < 200 && set != instruction_set::portable; ++i)
        best = std::max(best, set == instruction_set::avx512 ? fused_rate<floats16>(chains{})
                                                             : fused_rate<floats8>(chains{}));
    return best;
}

}  // namespace bench
