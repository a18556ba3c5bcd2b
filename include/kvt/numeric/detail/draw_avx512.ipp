// The draw kernels for processors with AVX-512: eight lanes.
#pragma once

#include <kvt/numeric/detail/draw_parts.ipp>

#if KVT_KERNELS_X86

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // both: gcc 12's own AVX-512 header, in what is inlined here
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define KVT_DRAW_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_DRAW_OPERATION __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::numeric::detail::avx512 {

inline constexpr int width = 8;
using vec = __m512i;
using reals = __m512d;

KVT_DRAW_OPERATION vec all(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
KVT_DRAW_OPERATION vec load(std::uint64_t const* p) { return _mm512_load_si512(p); }
KVT_DRAW_OPERATION void store(std::uint64_t* p, vec v) { _mm512_store_si512(p, v); }
KVT_DRAW_OPERATION vec plus(vec a, vec b) { return _mm512_add_epi64(a, b); }
KVT_DRAW_OPERATION vec exclusive_or(vec a, vec b) { return _mm512_xor_si512(a, b); }
template <int Bits> KVT_DRAW_OPERATION vec shifted_right(vec v) { return _mm512_srli_epi64(v, Bits); }
/// Products of the lower halves.
KVT_DRAW_OPERATION vec times_low(vec a, vec b) { return _mm512_mul_epu32(a, b); }
template <std::uint64_t Factor> KVT_DRAW_OPERATION vec times(vec v) { return _mm512_mullo_epi64(v, all(Factor)); }
/// The upper half of a product, in the lower half; what stands above it means nothing.
template <std::uint64_t Factor> KVT_DRAW_OPERATION vec upper_times(vec v) {
    return shifted_right<32>(times<Factor>(v));
}
/// The smaller of each half.
KVT_DRAW_OPERATION vec least_halves(vec a, vec b) { return _mm512_min_epu32(a, b); }
KVT_DRAW_OPERATION void store_upper_halves(std::uint32_t* p, vec v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi64_epi32(shifted_right<32>(v)));
}
KVT_DRAW_OPERATION reals no_reals() { return _mm512_setzero_pd(); }
KVT_DRAW_OPERATION reals plus(reals a, reals b) { return _mm512_add_pd(a, b); }
KVT_DRAW_OPERATION void store(double* p, reals v) { _mm512_store_pd(p, v); }
KVT_DRAW_OPERATION __m128d pair(double const* values, std::uint64_t const* at) {
    return _mm_loadh_pd(_mm_load_sd(values + at[0]), values + at[1]);
}
KVT_DRAW_OPERATION __m256d four(double const* values, std::uint64_t const* at) {
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(pair(values, at)), pair(values, at + 2), 1);
}
KVT_DRAW_OPERATION reals fetched(double const* values, std::uint64_t const* at) {
    return _mm512_insertf64x4(_mm512_castpd256_pd512(four(values, at)), four(values, at + 4), 1);
}

}  // namespace kvt::inline KVT_ABI::numeric::detail::avx512

#define KVT_DRAW_SET avx512
#include <kvt/numeric/detail/draw_body.ipp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
