// The kernels for processors with AVX2: eight floats, or four doubles, at once.
#pragma once

#include <kvt/quant/detail/kernel_parts.ipp>

#if KVT_KERNELS_X86

#include <immintrin.h>

#define KVT_QUANT_TARGET __attribute__((target("avx2,fma")))
#define KVT_QUANT_OPERATION __attribute__((target("avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::quant::detail::avx2 {

inline constexpr int to_even = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

KVT_QUANT_TARGET inline extremes scan(float const* x, std::size_t n) {
    constexpr int rows = 4;
    __m256 least[rows], greatest[rows];
    __m256i top[rows];
    auto const sign = _mm256_set1_epi32(0x7FFFFFFF);
    for (int r = 0; r < rows; ++r) {
        least[r] = _mm256_set1_ps(std::numeric_limits<float>::infinity());
        greatest[r] = _mm256_set1_ps(-std::numeric_limits<float>::infinity());
        top[r] = _mm256_setzero_si256();
    }
    std::size_t i = 0;
    for (; i + 8 * rows <= n; i += 8 * rows) {
        KVT_UNROLL
        for (int r = 0; r < rows; ++r) {
            auto const* const at = x + i + 8 * static_cast<std::size_t>(r);
            _mm_prefetch(reinterpret_cast<char const*>(at) + ahead, _MM_HINT_T0);
            auto const v = _mm256_loadu_ps(at);
            least[r] = _mm256_min_ps(v, least[r]);
            greatest[r] = _mm256_max_ps(v, greatest[r]);
            top[r] = _mm256_max_epu32(top[r], _mm256_and_si256(_mm256_castps_si256(v), sign));
        }
    }
    auto out = portable::scan(x + i, n - i);
    for (int r = 0; r < rows; ++r) {
        alignas(32) float low[8], high[8];
        alignas(32) std::uint32_t bits[8];
        _mm256_store_ps(low, least[r]), _mm256_store_ps(high, greatest[r]);
        _mm256_store_si256(reinterpret_cast<__m256i*>(bits), top[r]);
        for (int k = 0; k < 8; ++k) {
            out.least = std::min(out.least, low[k]), out.greatest = std::max(out.greatest, high[k]);
            out.top = std::max(out.top, bits[k]);
        }
    }
    return out;
}

/// Four codes by division in binary64, halves away from zero; one beyond the codes where a value lies outside them.
KVT_QUANT_OPERATION __m128 divided(__m128 v, coding_rule const& rule) {
    auto const& g = rule.grid;
    auto const half = _mm256_set1_pd(0.5), one = _mm256_set1_pd(1), none = _mm256_setzero_pd();
    auto q = _mm256_div_pd(_mm256_sub_pd(_mm256_cvtps_pd(v), _mm256_set1_pd(rule.parameters.offset)),
                           _mm256_set1_pd(rule.parameters.scale));
    q = _mm256_min_pd(_mm256_max_pd(q, _mm256_set1_pd(g.low - 1)), _mm256_set1_pd(g.high + 1));
    auto const even = _mm256_round_pd(q, to_even), off = _mm256_sub_pd(q, even);
    auto const up = _mm256_and_pd(_mm256_cmp_pd(off, half, _CMP_EQ_OQ), _mm256_cmp_pd(q, none, _CMP_GT_OQ));
    auto const down =
        _mm256_and_pd(_mm256_cmp_pd(off, _mm256_sub_pd(none, half), _CMP_EQ_OQ), _mm256_cmp_pd(q, none, _CMP_LT_OQ));
    auto const step = _mm256_sub_pd(_mm256_and_pd(up, one), _mm256_and_pd(down, one));
    return _mm256_cvtpd_ps(_mm256_add_pd(even, step));
}

/// Eight of them. Not in line: it is rare.
KVT_QUANT_TARGET __attribute__((noinline)) inline __m256 all_divided(__m256 v, coding_rule const& rule) {
    auto const low = divided(_mm256_castps256_ps128(v), rule), high = divided(_mm256_extractf128_ps(v, 1), rule);
    return _mm256_insertf128_ps(_mm256_castps128_ps256(low), high, 1);
}

KVT_QUANT_TARGET inline std::int64_t code(float const* x, std::size_t n, coding_rule const& rule, std::uint8_t* codes) {
    if (rule.parameters.scale == 0) return portable::code(x, n, rule, codes);
    auto const real = [](std::int32_t c) { return static_cast<float>(c); };
    auto const& g = rule.grid;
    auto const offset = _mm256_set1_ps(rule.offset), inverse = _mm256_set1_ps(rule.inverse),
               margin = _mm256_set1_ps(rule.margin), low = _mm256_set1_ps(real(g.low)),
               high = _mm256_set1_ps(real(g.high)), below = _mm256_set1_ps(real(g.low - 1)),
               above = _mm256_set1_ps(real(g.high + 1)), positive = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
    auto const mask = _mm256_set1_epi32(top_code(g.bits));
    auto const lowest = _mm256_set1_epi32(0x0C080400);  // the lowest byte of four 32-bit numbers
    std::int64_t clipped = 0;
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        auto const v = _mm256_loadu_ps(x + i);
        __m256 r;
        if (rule.quick) {
            auto t = _mm256_mul_ps(_mm256_sub_ps(v, offset), inverse);
            t = _mm256_min_ps(_mm256_max_ps(t, below), above);
            r = _mm256_round_ps(t, to_even);
            auto const near = _mm256_cmp_ps(_mm256_and_ps(_mm256_sub_ps(t, r), positive), margin, _CMP_NLT_UQ);
            if (__builtin_expect(_mm256_movemask_ps(near) != 0, 0)) r = all_divided(v, rule);
        } else {
            r = all_divided(v, rule);
        }
        auto const outside = _mm256_or_ps(_mm256_cmp_ps(r, low, _CMP_LT_OQ), _mm256_cmp_ps(r, high, _CMP_GT_OQ));
        clipped += __builtin_popcount(static_cast<unsigned>(_mm256_movemask_ps(outside)));
        r = _mm256_min_ps(_mm256_max_ps(r, low), high);
        auto const c = _mm256_shuffle_epi8(_mm256_and_si256(_mm256_cvtps_epi32(r), mask), lowest);
        auto const both = _mm_unpacklo_epi32(_mm256_castsi256_si128(c), _mm256_extracti128_si256(c, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(codes + i), both);
    }
    return clipped + portable::code(x + i, n - i, rule, codes + i);
}

KVT_QUANT_TARGET inline void pack(std::uint8_t const* codes, std::size_t n, std::int32_t bits, std::uint8_t* bytes) {
    std::size_t i = 0;
    if (bits == 2) {  // c0 + 4 c1 in 16 bits, then + 16 (c2 + 4 c3) in 32
        auto const pairs = _mm256_set1_epi16(0x0401);
        auto const fours = _mm256_set1_epi32(0x00100001), lowest = _mm256_set1_epi32(0x0C080400);
        for (; i + 32 <= n; i += 32) {
            auto const c = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(codes + i));
            auto const whole = _mm256_shuffle_epi8(_mm256_madd_epi16(_mm256_maddubs_epi16(c, pairs), fours), lowest);
            auto const both = _mm_unpacklo_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
            _mm_storel_epi64(reinterpret_cast<__m128i*>(bytes + i / 4), both);
        }
    } else if (bits == 4) {
        auto const pairs = _mm256_set1_epi16(0x1001);
        for (; i + 32 <= n; i += 32) {
            auto const c = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(codes + i));
            auto const whole = _mm256_maddubs_epi16(c, pairs);
            auto const both = _mm_packus_epi16(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
            _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes + i / 2), both);
        }
    }
    portable::pack(codes + i, n - i, bits, bytes + i / static_cast<std::size_t>(8 / bits));
}

KVT_QUANT_TARGET inline void unpack(std::uint8_t const* bytes, std::size_t n, std::int32_t bits, std::uint8_t* codes) {
    std::size_t i = 0;
    if (bits == 2) {  // a byte's four codes to the lowest bits of four bytes: shifted by 6, 12 and 18
        auto const mask = _mm256_set1_epi32(0x03030303);
        for (; i + 32 <= n; i += 32) {
            auto const b = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<__m128i const*>(bytes + i / 4)));
            auto const half = _mm256_or_si256(b, _mm256_slli_epi32(b, 12));
            auto const c = _mm256_and_si256(_mm256_or_si256(half, _mm256_slli_epi32(half, 6)), mask);
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + i), c);
        }
    } else if (bits == 4) {
        auto const mask = _mm256_set1_epi16(0x0F0F);
        for (; i + 32 <= n; i += 32) {
            auto const b = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes + i / 2)));
            auto const c = _mm256_and_si256(_mm256_or_si256(b, _mm256_slli_epi16(b, 4)), mask);
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + i), c);
        }
    }
    portable::unpack(bytes + i / static_cast<std::size_t>(8 / bits), n - i, bits, codes + i);
}

/// What eight codes stand for, in two halves.
struct code_values {
    __m256d scale, offset, first{}, second{};  ///< the codes as numbers
    __m256i sign;                              ///< the sign bit of signed codes, or 0

    KVT_QUANT_OPERATION explicit code_values(coding_rule const& rule)
        : scale{_mm256_set1_pd(rule.parameters.scale)}, offset{_mm256_set1_pd(rule.parameters.offset)},
          sign{_mm256_set1_epi32(-rule.grid.low)} {}
    KVT_QUANT_OPERATION void read(std::uint8_t const* codes) {
        auto const stored = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<__m128i const*>(codes)));
        auto const c = _mm256_sub_epi32(_mm256_xor_si256(stored, sign), sign);
        first = _mm256_cvtepi32_pd(_mm256_castsi256_si128(c));
        second = _mm256_cvtepi32_pd(_mm256_extracti128_si256(c, 1));
    }
    KVT_QUANT_OPERATION __m256d value(__m256d code) const { return _mm256_fmadd_pd(code, scale, offset); }
};

KVT_QUANT_TARGET inline void decode_wide(std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                         double* out) {
    code_values c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        c.read(codes + i);
        _mm256_storeu_pd(out + i, c.value(c.first)), _mm256_storeu_pd(out + i + 4, c.value(c.second));
    }
    portable::decode(codes + i, n - i, rule, out + i);
}
KVT_QUANT_TARGET inline void decode_narrow(std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                           float* out) {
    code_values c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        c.read(codes + i);
        _mm_storeu_ps(out + i, _mm256_cvtpd_ps(c.value(c.first)));
        _mm_storeu_ps(out + i + 4, _mm256_cvtpd_ps(c.value(c.second)));
    }
    portable::decode(codes + i, n - i, rule, out + i);
}

/// Lanes 0 to 3 or 4 to 7 of the sums.
struct half_lanes {
    __m256d signal, noise, cross, rebuilt, worst;

    KVT_QUANT_OPERATION half_lanes(error_lanes const& from, int at)
        : signal{_mm256_load_pd(from.signal + at)}, noise{_mm256_load_pd(from.noise + at)},
          cross{_mm256_load_pd(from.cross + at)}, rebuilt{_mm256_load_pd(from.rebuilt + at)}, worst{_mm256_load_pd(
                                                                                                  from.worst + at)} {}
    KVT_QUANT_OPERATION void add(__m256d v, __m256d y) {
        auto const e = _mm256_sub_pd(v, y);
        signal = _mm256_fmadd_pd(v, v, signal);
        noise = _mm256_fmadd_pd(e, e, noise);
        cross = _mm256_fmadd_pd(v, y, cross);
        rebuilt = _mm256_fmadd_pd(y, y, rebuilt);
        worst = _mm256_max_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), e), worst);
    }
    KVT_QUANT_OPERATION void store(error_lanes& to, int at) const {
        _mm256_store_pd(to.signal + at, signal), _mm256_store_pd(to.noise + at, noise);
        _mm256_store_pd(to.cross + at, cross), _mm256_store_pd(to.rebuilt + at, rebuilt);
        _mm256_store_pd(to.worst + at, worst);
    }
};

KVT_QUANT_TARGET inline void measure(float const* x, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                     error_lanes& lanes) {
    half_lanes first{lanes, 0}, second{lanes, 4};
    code_values c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        c.read(codes + i);
        first.add(_mm256_cvtps_pd(_mm_loadu_ps(x + i)), c.value(c.first));
        second.add(_mm256_cvtps_pd(_mm_loadu_ps(x + i + 4)), c.value(c.second));
    }
    first.store(lanes, 0), second.store(lanes, 4);
    lanes.count += static_cast<std::int64_t>(i);
    portable::measure(x + i, codes + i, n - i, rule, lanes);
}

/// Lanes 0 to 3 or 4 to 7 of a candidate's sums.
struct half_candidate {
    __m256d noise, codes, squares;

    KVT_QUANT_OPERATION half_candidate(candidate_lanes const& from, int at)
        : noise{_mm256_load_pd(from.noise + at)}, codes{_mm256_load_pd(from.codes + at)}, squares{_mm256_load_pd(
                                                                                              from.squares + at)} {}
    KVT_QUANT_OPERATION void add(__m256d e, __m256d code) {
        noise = _mm256_fmadd_pd(e, e, noise);
        codes = _mm256_add_pd(codes, code);
        squares = _mm256_fmadd_pd(code, code, squares);
    }
    KVT_QUANT_OPERATION void store(candidate_lanes& to, int at) const {
        _mm256_store_pd(to.noise + at, noise), _mm256_store_pd(to.codes + at, codes);
        _mm256_store_pd(to.squares + at, squares);
    }
};

KVT_QUANT_TARGET inline void judge(float const* x, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                   candidate_lanes& lanes) {
    half_candidate first{lanes, 0}, second{lanes, 4};
    code_values c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        c.read(codes + i);
        first.add(_mm256_sub_pd(_mm256_cvtps_pd(_mm_loadu_ps(x + i)), c.value(c.first)), c.first);
        second.add(_mm256_sub_pd(_mm256_cvtps_pd(_mm_loadu_ps(x + i + 4)), c.value(c.second)), c.second);
    }
    first.store(lanes, 0), second.store(lanes, 4);
    portable::judge(x + i, codes + i, n - i, rule, lanes);
}

/// Built without FMA, lest a compiler fuse what the plain loop rounds twice.
__attribute__((target("avx2"))) inline void weigh(double const* points, double const* weights, std::size_t n,
                                                  coding_rule const& rule, candidate_lanes& lanes) {
    __m256d noise[2], codes[2], squares[2];
    KVT_UNROLL
    for (int k = 0; k < 2; ++k) {
        noise[k] = _mm256_load_pd(lanes.noise + 4 * k), codes[k] = _mm256_load_pd(lanes.codes + 4 * k);
        squares[k] = _mm256_load_pd(lanes.squares + 4 * k);
    }
    auto const offset = _mm256_set1_pd(rule.parameters.offset), scale = _mm256_set1_pd(rule.parameters.scale),
               inverse = _mm256_set1_pd(rule.wide_inverse), none = _mm256_setzero_pd(),
               top = _mm256_set1_pd(rule.grid.high), half = _mm256_set1_pd(below_half);
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        KVT_UNROLL
        for (int k = 0; k < 2; ++k) {
            auto const x = _mm256_loadu_pd(points + i + 4 * k), w = _mm256_loadu_pd(weights + i + 4 * k);
            auto t = _mm256_mul_pd(_mm256_sub_pd(x, offset), inverse);
            t = _mm256_min_pd(_mm256_max_pd(t, none), top);
            auto const code = _mm256_round_pd(_mm256_add_pd(t, half), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
            auto const e = _mm256_sub_pd(x, _mm256_add_pd(offset, _mm256_mul_pd(code, scale)));
            noise[k] = _mm256_add_pd(noise[k], _mm256_mul_pd(w, _mm256_mul_pd(e, e)));
            codes[k] = _mm256_add_pd(codes[k], _mm256_mul_pd(w, code));
            squares[k] = _mm256_add_pd(squares[k], _mm256_mul_pd(w, _mm256_mul_pd(code, code)));
        }
    }
    KVT_UNROLL
    for (int k = 0; k < 2; ++k) {
        _mm256_store_pd(lanes.noise + 4 * k, noise[k]), _mm256_store_pd(lanes.codes + 4 * k, codes[k]);
        _mm256_store_pd(lanes.squares + 4 * k, squares[k]);
    }
    portable::weigh(points + i, weights + i, n - i, rule, lanes);
}

}  // namespace kvt::inline KVT_ABI::quant::detail::avx2

#undef KVT_QUANT_TARGET
#undef KVT_QUANT_OPERATION

#endif
