// Vectors of every instruction set, and with them the matrix product's kernels.
#pragma once

#include <kvt/numeric/gemm.hpp>

#include <type_traits>

#if KVT_KERNELS_X86
#include <immintrin.h>
#endif

namespace kvt::inline KVT_ABI::numeric::detail {

/// How much of the inner index is summed at a time: equal parts of up to 320, so that a panel's part (40 KiB) stays in the
/// first cache.
constexpr std::size_t slice_of(std::size_t inner) {
    std::size_t const parts = (inner + 319) / 320;
    return parts == 0 ? 1 : (inner + parts - 1) / parts;
}

}  // namespace kvt::inline KVT_ABI::numeric::detail

namespace kvt::inline KVT_ABI::numeric::detail::gemm_portable {
inline constexpr int tile_rows = 4, tile_vectors = 1;
template <class Real> struct vector_of {
    using real = Real;
    static constexpr int width = 32 / sizeof(Real);
    struct vec {
        Real lane[width];
    };
    static vec all(Real x) {
        vec out;
        for (Real& v : out.lane) v = x;
        return out;
    }
    static vec load(Real const* p) {
        vec out;
        for (int i = 0; i < width; ++i) out.lane[i] = p[i];
        return out;
    }
    static void store(Real* p, vec const& v) {
        for (int i = 0; i < width; ++i) p[i] = v.lane[i];
    }
    static vec fma(vec const& a, vec const& b, vec const& c) {
        vec out;
        for (int i = 0; i < width; ++i) out.lane[i] = a.lane[i] * b.lane[i] + c.lane[i];
        return out;
    }
};
}  // namespace kvt::inline KVT_ABI::numeric::detail::gemm_portable

#define KVT_GEMM_SET gemm_portable
#define KVT_GEMM_TARGET
#include <kvt/numeric/detail/gemm_body.ipp>

#if KVT_KERNELS_X86

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // both: gcc 12's own AVX-512 header, in what is inlined here
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define KVT_GEMM_SET gemm_avx2
#define KVT_GEMM_TARGET __attribute__((target("avx2,fma")))
#define KVT_GEMM_OPERATION __attribute__((target("avx2,fma"), always_inline)) static inline

namespace kvt::inline KVT_ABI::numeric::detail::gemm_avx2 {
inline constexpr int tile_rows = 6, tile_vectors = 2;
struct floats {
    using real = float;
    using vec = __m256;
    static constexpr int width = 8;
    KVT_GEMM_OPERATION vec all(float x) { return _mm256_set1_ps(x); }
    KVT_GEMM_OPERATION vec load(float const* p) { return _mm256_loadu_ps(p); }
    KVT_GEMM_OPERATION void store(float* p, vec v) { _mm256_storeu_ps(p, v); }
    KVT_GEMM_OPERATION vec fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
};
struct doubles {
    using real = double;
    using vec = __m256d;
    static constexpr int width = 4;
    KVT_GEMM_OPERATION vec all(double x) { return _mm256_set1_pd(x); }
    KVT_GEMM_OPERATION vec load(double const* p) { return _mm256_loadu_pd(p); }
    KVT_GEMM_OPERATION void store(double* p, vec v) { _mm256_storeu_pd(p, v); }
    KVT_GEMM_OPERATION vec fma(vec a, vec b, vec c) { return _mm256_fmadd_pd(a, b, c); }
};
template <class Real> using vector_of = std::conditional_t<std::is_same_v<Real, float>, floats, doubles>;
}  // namespace kvt::inline KVT_ABI::numeric::detail::gemm_avx2

#include <kvt/numeric/detail/gemm_body.ipp>

#define KVT_GEMM_SET gemm_avx512
#define KVT_GEMM_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_GEMM_OPERATION \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) static inline

namespace kvt::inline KVT_ABI::numeric::detail::gemm_avx512 {
inline constexpr int tile_rows = 12, tile_vectors = 2;
struct floats {
    using real = float;
    using vec = __m512;
    static constexpr int width = 16;
    KVT_GEMM_OPERATION vec all(float x) { return _mm512_set1_ps(x); }
    KVT_GEMM_OPERATION vec load(float const* p) { return _mm512_loadu_ps(p); }
    KVT_GEMM_OPERATION void store(float* p, vec v) { _mm512_storeu_ps(p, v); }
    KVT_GEMM_OPERATION vec fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
};
struct doubles {
    using real = double;
    using vec = __m512d;
    static constexpr int width = 8;
    KVT_GEMM_OPERATION vec all(double x) { return _mm512_set1_pd(x); }
    KVT_GEMM_OPERATION vec load(double const* p) { return _mm512_loadu_pd(p); }
    KVT_GEMM_OPERATION void store(double* p, vec v) { _mm512_storeu_pd(p, v); }
    KVT_GEMM_OPERATION vec fma(vec a, vec b, vec c) { return _mm512_fmadd_pd(a, b, c); }
};
template <class Real> using vector_of = std::conditional_t<std::is_same_v<Real, float>, floats, doubles>;
}  // namespace kvt::inline KVT_ABI::numeric::detail::gemm_avx512

#include <kvt/numeric/detail/gemm_body.ipp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
