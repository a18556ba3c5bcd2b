// The kernels for processors with AVX2 and FMA: vectors of 8 floats.
#pragma once

#include <kvt/model/detail/kernel_parts.ipp>

#if KVT_KERNELS_X86

#define KVT_KERNEL_TARGET __attribute__((target("avx2,fma")))
#define KVT_OPERATION __attribute__((target("avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::model::detail::avx2 {

inline constexpr int width = 8;
inline constexpr int tile_rows = 6;
inline constexpr int tile_vectors = 2;
inline constexpr int value_rows = 4;

using vec = __m256;

KVT_OPERATION vec load(float const* p) { return _mm256_loadu_ps(p); }
KVT_OPERATION void store(float* p, vec v) { _mm256_storeu_ps(p, v); }
KVT_OPERATION vec all(float x) { return _mm256_set1_ps(x); }
KVT_OPERATION vec fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
KVT_OPERATION vec add(vec a, vec b) { return _mm256_add_ps(a, b); }
KVT_OPERATION vec sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
KVT_OPERATION vec mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
KVT_OPERATION vec div(vec a, vec b) { return _mm256_div_ps(a, b); }
KVT_OPERATION vec max(vec a, vec b) { return _mm256_max_ps(a, b); }
KVT_OPERATION vec min(vec a, vec b) { return _mm256_min_ps(a, b); }
KVT_OPERATION vec times_power_of_two(vec p, vec shifted) {
    return _mm256_castsi256_ps(
        _mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_castps_si256(shifted), 23)));
}
KVT_OPERATION vec where_at_least(vec x, vec limit, vec value) {
    return _mm256_and_ps(_mm256_cmp_ps(x, limit, _CMP_GE_OQ), value);
}

}  // namespace kvt::inline KVT_ABI::model::detail::avx2

#undef KVT_OPERATION
#define KVT_KERNEL_SET avx2
#include <kvt/model/detail/kernel_body.ipp>

#endif
