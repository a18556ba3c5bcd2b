// The kernels for processors with AVX-512: vectors of 16 floats.
#pragma once

#include <kvt/model/detail/kernel_parts.ipp>

#if KVT_KERNELS_X86

#define KVT_KERNEL_TARGET __attribute__((target("avx512f,avx2,fma")))
#define KVT_OPERATION __attribute__((target("avx512f,avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::model::detail::avx512 {

inline constexpr int width = 16;
inline constexpr int tile_rows = 12;
inline constexpr int tile_vectors = 2;
inline constexpr int value_rows = 8;

using vec = __m512;

KVT_OPERATION vec load(float const* p) { return _mm512_loadu_ps(p); }
KVT_OPERATION void store(float* p, vec v) { _mm512_storeu_ps(p, v); }
KVT_OPERATION vec all(float x) { return _mm512_set1_ps(x); }
KVT_OPERATION vec fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
KVT_OPERATION vec add(vec a, vec b) { return _mm512_add_ps(a, b); }
KVT_OPERATION vec sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
KVT_OPERATION vec mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
KVT_OPERATION vec div(vec a, vec b) { return _mm512_div_ps(a, b); }
KVT_OPERATION vec max(vec a, vec b) {
    return _mm512_maskz_max_ps(0xFFFF, a, b);
}  // unmasked: gcc 12 warns inside its header
KVT_OPERATION vec min(vec a, vec b) { return _mm512_maskz_min_ps(0xFFFF, a, b); }
KVT_OPERATION vec times_power_of_two(vec p, vec shifted) {
    return _mm512_castsi512_ps(
        _mm512_add_epi32(_mm512_castps_si512(p), _mm512_maskz_slli_epi32(0xFFFF, _mm512_castps_si512(shifted), 23)));
}
KVT_OPERATION vec where_at_least(vec x, vec limit, vec value) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, limit, _CMP_GE_OQ), value);
}

}  // namespace kvt::inline KVT_ABI::model::detail::avx512

#undef KVT_OPERATION
#define KVT_KERNEL_SET avx512
#include <kvt/model/detail/kernel_body.ipp>

#endif
