// Sums of products of columns, the same bits on every instruction set.
#pragma once

#include <kvt/core/instruction_set.hpp>

#include <cmath>
#include <cstddef>

#if KVT_KERNELS_X86
#include <immintrin.h>
#endif

namespace kvt::inline KVT_ABI::numeric::detail {

inline constexpr int gram_tile = 4;

namespace gram_portable {
inline constexpr int reals_width = 1, tile_columns = 4;
using reals = double;
inline reals none() { return 0; }
inline reals load(double const* p) { return *p; }
inline reals fused(reals a, reals b, reals c) { return std::fma(a, b, c); }
inline void store(double* p, reals v) { *p = v; }
/// Eight sums as one, always in this order.
inline double added_up(double const* s) { return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])); }
}  // namespace gram_portable

}  // namespace kvt::inline KVT_ABI::numeric::detail

#define KVT_GRAM_SET gram_portable
#define KVT_GRAM_TARGET
#include <kvt/numeric/detail/gram_body.ipp>

#if KVT_KERNELS_X86

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // both: gcc 12's own AVX-512 header, in what is inlined here
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define KVT_GRAM_SET gram_avx2
#define KVT_GRAM_TARGET __attribute__((target("avx2,fma")))
#define KVT_GRAM_OPERATION __attribute__((target("avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::numeric::detail::gram_avx2 {
inline constexpr int reals_width = 4, tile_columns = 2;
using reals = __m256d;
KVT_GRAM_OPERATION reals none() { return _mm256_setzero_pd(); }
KVT_GRAM_OPERATION reals load(double const* p) { return _mm256_loadu_pd(p); }
KVT_GRAM_OPERATION reals fused(reals a, reals b, reals c) { return _mm256_fmadd_pd(a, b, c); }
KVT_GRAM_OPERATION void store(double* p, reals v) { _mm256_store_pd(p, v); }
KVT_GRAM_OPERATION double added_up(double const* s) {
    __m256d const four = _mm256_add_pd(_mm256_load_pd(s), _mm256_load_pd(s + 4));
    __m128d const two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}
}  // namespace kvt::inline KVT_ABI::numeric::detail::gram_avx2

#include <kvt/numeric/detail/gram_body.ipp>

#define KVT_GRAM_SET gram_avx512
#define KVT_GRAM_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_GRAM_OPERATION __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::numeric::detail::gram_avx512 {
inline constexpr int reals_width = 8, tile_columns = 4;
using reals = __m512d;
KVT_GRAM_OPERATION reals none() { return _mm512_setzero_pd(); }
KVT_GRAM_OPERATION reals load(double const* p) { return _mm512_loadu_pd(p); }
KVT_GRAM_OPERATION reals fused(reals a, reals b, reals c) { return _mm512_fmadd_pd(a, b, c); }
KVT_GRAM_OPERATION void store(double* p, reals v) { _mm512_store_pd(p, v); }
KVT_GRAM_OPERATION double added_up(double const* s) {
    __m256d const four = _mm256_add_pd(_mm256_load_pd(s), _mm256_load_pd(s + 4));
    __m128d const two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}
}  // namespace kvt::inline KVT_ABI::numeric::detail::gram_avx512

#include <kvt/numeric/detail/gram_body.ipp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif

namespace kvt::inline KVT_ABI::numeric::detail {

/// Sums of products of two groups of columns over `rows` rows, a multiple of 8.
using gram_kernel = void (*)(double const* const*, double const* const*, std::size_t, double (&)[gram_tile][gram_tile]);

inline gram_kernel gram_kernel_of([[maybe_unused]] instruction_set set) {
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512) return gram_avx512::tile;
    if (set == instruction_set::avx2) return gram_avx2::tile;
#endif
    return gram_portable::tile;
}

}  // namespace kvt::inline KVT_ABI::numeric::detail
