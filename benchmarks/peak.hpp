// What a core can do at most: independent fused multiply-adds from registers alone.
#pragma once

#include <kvt/core/instruction_set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bench {

using kvt::instruction_set;

inline constexpr long peak_rounds = 200'000;

// Independent fused multiply-adds from registers alone: what the core can do at most. Twelve chains hide the latency.
#if defined(__x86_64__)
__attribute__((target("avx512f"))) inline double peak_avx512() {
    __m512 sums[12];
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
    __m512 const a = _mm512_set1_ps(0.999F), b = _mm512_set1_ps(0.001F);
    auto const start = std::chrono::steady_clock::now();
    for (long r = 0; r < peak_rounds; ++r) {
#pragma GCC unroll 12
        for (int i = 0; i < 12; ++i) sums[i] = _mm512_fmadd_ps(sums[i], a, b);
    }
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    float kept[16];
#pragma GCC unroll 12
    for (int i = 1; i < 12; ++i) sums[0] = _mm512_add_ps(sums[0], sums[i]);
    _mm512_storeu_ps(kept, sums[0]);
    if (kept[0] == 0) std::puts("");
    return static_cast<double>(peak_rounds) * 12 * 32 / seconds;
}
__attribute__((target("avx2,fma"))) inline double peak_avx2() {
    __m256 sums[12];
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) sums[i] = _mm256_set1_ps(static_cast<float>(i));
    __m256 const a = _mm256_set1_ps(0.999F), b = _mm256_set1_ps(0.001F);
    auto const start = std::chrono::steady_clock::now();
    for (long r = 0; r < peak_rounds; ++r) {
#pragma GCC unroll 12
        for (int i = 0; i < 12; ++i) sums[i] = _mm256_fmadd_ps(sums[i], a, b);
    }
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    float kept[8];
#pragma GCC unroll 12
    for (int i = 1; i < 12; ++i) sums[0] = _mm256_add_ps(sums[0], sums[i]);
    _mm256_storeu_ps(kept, sums[0]);
    if (kept[0] == 0) std::puts("");
    return static_cast<double>(peak_rounds) * 12 * 16 / seconds;
}
#endif

/// Floating-point operations a second, best of several; 0 where unknown.
inline double peak_of([[maybe_unused]] instruction_set set) {
    double best = 0;
#if defined(__x86_64__)
    for (int i = 0; i < 200 && set != instruction_set::portable; ++i)
        best = std::max(best, set == instruction_set::avx512 ? peak_avx512() : peak_avx2());
#endif
    return best;
}

}  // namespace bench
