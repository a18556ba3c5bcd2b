// The draw kernels for processors with AVX2: four lanes.
#pragma once

#include <kvt/numeric/detail/draw_parts.ipp>

#if KVT_KERNELS_X86

#define KVT_DRAW_TARGET __attribute__((target("avx2,fma")))
#define KVT_DRAW_OPERATION __attribute__((target("avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::numeric::detail::avx2 {

inline constexpr int width = 4;
using vec = __m256i;
using reals = __m256d;

KVT_DRAW_OPERATION vec all(std::uint64_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
KVT_DRAW_OPERATION vec load(std::uint64_t const* p) { return _mm256_load_si256(reinterpret_cast<vec const*>(p)); }
KVT_DRAW_OPERATION void store(std::uint64_t* p, vec v) { _mm256_store_si256(reinterpret_cast<vec*>(p), v); }
KVT_DRAW_OPERATION vec plus(vec a, vec b) { return _mm256_add_epi64(a, b); }
KVT_DRAW_OPERATION vec exclusive_or(vec a, vec b) { return _mm256_xor_si256(a, b); }
template <int Bits> KVT_DRAW_OPERATION vec shifted_right(vec v) { return _mm256_srli_epi64(v, Bits); }
/// Products of the lower halves.
KVT_DRAW_OPERATION vec times_low(vec a, vec b) { return _mm256_mul_epu32(a, b); }
template <std::uint64_t Factor> KVT_DRAW_OPERATION vec times(vec v) {
    vec const crossed = plus(times_low(shifted_right<32>(v), all(Factor)), times_low(v, all(Factor >> 32)));
    return plus(times_low(v, all(Factor)), _mm256_slli_epi64(crossed, 32));
}
/// The upper half of a product, in the lower half; what stands above it means nothing. The halves of both crossed
/// products come from one multiplication.
template <std::uint64_t Factor> KVT_DRAW_OPERATION vec upper_times(vec v) {
    vec const crossed = _mm256_mullo_epi32(v, all(Factor << 32 | Factor >> 32));
    return plus(shifted_right<32>(times_low(v, all(Factor))), plus(crossed, shifted_right<32>(crossed)));
}
/// The smaller of each half.
KVT_DRAW_OPERATION vec least_halves(vec a, vec b) { return _mm256_min_epu32(a, b); }
KVT_DRAW_OPERATION void store_upper_halves(std::uint32_t* p, vec v) {
    vec const packed = _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(1, 3, 5, 7, 1, 3, 5, 7));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(packed));
}
KVT_DRAW_OPERATION reals no_reals() { return _mm256_setzero_pd(); }
KVT_DRAW_OPERATION reals plus(reals a, reals b) { return _mm256_add_pd(a, b); }
KVT_DRAW_OPERATION void store(double* p, reals v) { _mm256_store_pd(p, v); }
KVT_DRAW_OPERATION __m128d pair(double const* values, std::uint64_t const* at) {
    return _mm_loadh_pd(_mm_load_sd(values + at[0]), values + at[1]);
}
KVT_DRAW_OPERATION reals fetched(double const* values, std::uint64_t const* at) {
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(pair(values, at)), pair(values, at + 2), 1);
}

}  // namespace kvt::inline KVT_ABI::numeric::detail::avx2

#define KVT_DRAW_SET avx2
#include <kvt/numeric/detail/draw_body.ipp>

#endif
