// The kernels for processors with AVX-512: sixteen floats, or eight doubles, at once.
#pragma once

#include <kvt/quant/detail/kernel_parts.ipp>

#if KVT_KERNELS_X86

#include <immintrin.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // both: gcc 12's own AVX-512 header, in what is inlined here
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define KVT_QUANT_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_QUANT_OPERATION __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::quant::detail::avx512 {

inline constexpr int to_even = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

KVT_QUANT_TARGET inline extremes scan(float const* x, std::size_t n) {
    constexpr int rows = 4;
    __m512 least[rows], greatest[rows];
    __m512i top[rows];
    auto const sign = _mm512_set1_epi32(0x7FFFFFFF);
    for (int r = 0; r < rows; ++r) {
        least[r] = _mm512_set1_ps(std::numeric_limits<float>::infinity());
        greatest[r] = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
        top[r] = _mm512_setzero_si512();
    }
    std::size_t i = 0;
    for (; i + 16 * rows <= n; i += 16 * rows) {
        KVT_UNROLL
        for (int r = 0; r < rows; ++r) {
            auto const* const at = x + i + 16 * static_cast<std::size_t>(r);
            _mm_prefetch(reinterpret_cast<char const*>(at) + ahead, _MM_HINT_T0);
            auto const v = _mm512_loadu_ps(at);
            least[r] = _mm512_min_ps(v, least[r]);
            greatest[r] = _mm512_max_ps(v, greatest[r]);
            top[r] = _mm512_max_epu32(top[r], _mm512_and_si512(_mm512_castps_si512(v), sign));
        }
    }
    for (int r = 1; r < rows; ++r) {
        least[0] = _mm512_min_ps(least[r], least[0]);
        greatest[0] = _mm512_max_ps(greatest[r], greatest[0]);
        top[0] = _mm512_max_epu32(top[0], top[r]);
    }
    extremes out{_mm512_reduce_min_ps(least[0]), _mm512_reduce_max_ps(greatest[0]), _mm512_reduce_max_epu32(top[0])};
    auto const rest = portable::scan(x + i, n - i);
    return {std::min(out.least, rest.least), std::max(out.greatest, rest.greatest), std::max(out.top, rest.top)};
}

/// Eight codes by division in binary64, halves away from zero; one beyond the codes where a value lies outside them.
KVT_QUANT_OPERATION __m256 divided(__m256 v, coding_rule const& rule) {
    auto const& g = rule.grid;
    auto const half = _mm512_set1_pd(0.5), one = _mm512_set1_pd(1), none = _mm512_setzero_pd();
    auto q = _mm512_div_pd(_mm512_sub_pd(_mm512_cvtps_pd(v), _mm512_set1_pd(rule.parameters.offset)),
                           _mm512_set1_pd(rule.parameters.scale));
    q = _mm512_min_pd(_mm512_max_pd(q, _mm512_set1_pd(g.low - 1)), _mm512_set1_pd(g.high + 1));
    auto const even = _mm512_roundscale_pd(q, to_even), off = _mm512_sub_pd(q, even);
    auto const up =
        static_cast<__mmask8>(_mm512_cmp_pd_mask(off, half, _CMP_EQ_OQ) & _mm512_cmp_pd_mask(q, none, _CMP_GT_OQ));
    auto const down = static_cast<__mmask8>(_mm512_cmp_pd_mask(off, _mm512_sub_pd(none, half), _CMP_EQ_OQ) &
                                            _mm512_cmp_pd_mask(q, none, _CMP_LT_OQ));
    auto const raised = _mm512_mask_add_pd(even, up, even, one);
    return _mm512_cvtpd_ps(_mm512_mask_sub_pd(raised, down, raised, one));
}

/// Sixteen of them. Not in line: it is rare.
KVT_QUANT_TARGET __attribute__((noinline)) inline __m512 all_divided(__m512 v, coding_rule const& rule) {
    auto const low = divided(_mm512_castps512_ps256(v), rule), high = divided(_mm512_extractf32x8_ps(v, 1), rule);
    return _mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1);
}

/// A rule's parts in registers.
struct coding_registers {
    __m512 offset, inverse, margin, low, high, below, above;
    __m512i mask;
    bool quick;

    KVT_QUANT_OPERATION explicit coding_registers(coding_rule const& rule)
        : offset{_mm512_set1_ps(rule.offset)}, inverse{_mm512_set1_ps(rule.inverse)}, margin{_mm512_set1_ps(
                                                                                          rule.margin)},
          low{_mm512_set1_ps(static_cast<float>(rule.grid.low))}, high{_mm512_set1_ps(
                                                                      static_cast<float>(rule.grid.high))},
          below{_mm512_set1_ps(static_cast<float>(rule.grid.low - 1))}, above{_mm512_set1_ps(
                                                                            static_cast<float>(rule.grid.high + 1))},
          mask{_mm512_set1_epi32(top_code(rule.grid.bits))}, quick{rule.quick} {}

    /// The codes of sixteen values as they are stored, in the lower bytes; `clipped` marks those outside.
    KVT_QUANT_OPERATION __m512i codes(__m512 v, coding_rule const& rule, __mmask16& clipped) const {
        __m512 r;
        if (quick) {
            auto t = _mm512_mul_ps(_mm512_sub_ps(v, offset), inverse);
            t = _mm512_min_ps(_mm512_max_ps(t, below), above);
            r = _mm512_roundscale_ps(t, to_even);
            auto const near = _mm512_cmp_ps_mask(_mm512_abs_ps(_mm512_sub_ps(t, r)), margin, _CMP_NLT_UQ);
            if (__builtin_expect(near != 0, 0)) r = all_divided(v, rule);
        } else {
            r = all_divided(v, rule);
        }
        clipped =
            static_cast<__mmask16>(_mm512_cmp_ps_mask(r, low, _CMP_LT_OQ) | _mm512_cmp_ps_mask(r, high, _CMP_GT_OQ));
        r = _mm512_min_ps(_mm512_max_ps(r, low), high);
        return _mm512_and_si512(_mm512_cvtps_epi32(r), mask);
    }
};

/// The codes of sixty-four values without a count of those outside, or (answering false) nothing where one lies near a
/// tie. Adding 1.5 * 2^23 rounds to a whole number that stands in the lower bits.
KVT_QUANT_OPERATION bool sixty_four(float const* x, coding_registers const& r, std::size_t reach, std::uint8_t* codes) {
    auto const magic = _mm512_set1_ps(12582912.0F);
    auto off = _mm512_setzero_ps();
    __m512i rounded[4];
    KVT_UNROLL
    for (int k = 0; k < 4; ++k) {
        _mm_prefetch(reinterpret_cast<char const*>(x + 16 * k) + reach, _MM_HINT_T0);
        auto t = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(x + 16 * k), r.offset), r.inverse);
        t = _mm512_min_ps(_mm512_max_ps(t, r.low), r.high);
        auto const whole = _mm512_add_ps(t, magic);
        off = _mm512_range_ps(off, _mm512_sub_ps(t, _mm512_sub_ps(whole, magic)), 0xB);  // the larger one, without sign
        rounded[k] = _mm512_and_si512(_mm512_castps_si512(whole), r.mask);
    }
    if (__builtin_expect(_mm512_cmp_ps_mask(off, r.margin, _CMP_NLT_UQ) != 0, 0)) return false;
    KVT_UNROLL
    for (int k = 0; k < 4; ++k)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(codes + 16 * k), _mm512_cvtepi32_epi8(rounded[k]));
    return true;
}

KVT_QUANT_TARGET inline std::int64_t code(float const* x, std::size_t n, coding_rule const& rule, std::uint8_t* codes) {
    if (rule.parameters.scale == 0) return portable::code(x, n, rule, codes);
    coding_registers const registers{rule};
    std::int64_t clipped = 0;
    __mmask16 outside;
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        auto const c = registers.codes(_mm512_loadu_ps(x + i), rule, outside);
        clipped += __builtin_popcount(outside);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(codes + i), _mm512_cvtepi32_epi8(c));
    }
    if (i < n) {
        auto const rest = static_cast<__mmask16>((1U << (n - i)) - 1);
        auto const c = registers.codes(_mm512_maskz_loadu_ps(rest, x + i), rule, outside);
        clipped += __builtin_popcount(static_cast<unsigned>(outside & rest));
        _mm512_mask_cvtepi32_storeu_epi8(codes + i, rest, c);
    }
    return clipped;
}

/// The same, not counted.
KVT_QUANT_TARGET inline std::int64_t code_only(float const* x, std::size_t n, coding_rule const& rule,
                                               std::uint8_t* codes) {
    std::size_t i = 0;
    if (rule.quick) {
        coding_registers const registers{rule};
        for (; i + 64 <= n; i += 64)
            if (!sixty_four(x + i, registers, rule.reach, codes + i)) (void)code(x + i, 64, rule, codes + i);
    }
    return code(x + i, n - i, rule, codes + i);
}

KVT_QUANT_TARGET inline void pack(std::uint8_t const* codes, std::size_t n, std::int32_t bits, std::uint8_t* bytes) {
    std::size_t i = 0;
    if (bits == 2) {  // c0 + 4 c1 in 16 bits, then + 16 (c2 + 4 c3) in 32
        auto const pairs = _mm512_set1_epi16(0x0401), fours = _mm512_set1_epi32(0x00100001);
        for (; i + 64 <= n; i += 64) {
            auto const c = _mm512_loadu_si512(codes + i);
            auto const whole = _mm512_madd_epi16(_mm512_maddubs_epi16(c, pairs), fours);
            _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes + i / 4), _mm512_cvtepi32_epi8(whole));
        }
    } else if (bits == 4) {
        auto const pairs = _mm512_set1_epi16(0x1001);
        for (; i + 64 <= n; i += 64) {
            auto const whole = _mm512_maddubs_epi16(_mm512_loadu_si512(codes + i), pairs);
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(bytes + i / 2), _mm512_cvtepi16_epi8(whole));
        }
    }
    portable::pack(codes + i, n - i, bits, bytes + i / static_cast<std::size_t>(8 / bits));
}

KVT_QUANT_TARGET inline void unpack(std::uint8_t const* bytes, std::size_t n, std::int32_t bits, std::uint8_t* codes) {
    std::size_t i = 0;
    if (bits == 2) {  // a byte's four codes to the lowest bits of four bytes: shifted by 6, 12 and 18
        auto const mask = _mm512_set1_epi32(0x03030303);
        for (; i + 64 <= n; i += 64) {
            auto const b = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes + i / 4)));
            auto const half = _mm512_or_si512(b, _mm512_slli_epi32(b, 12));
            auto const c = _mm512_and_si512(_mm512_or_si512(half, _mm512_slli_epi32(half, 6)), mask);
            _mm512_storeu_si512(codes + i, c);
        }
    } else if (bits == 4) {
        auto const mask = _mm512_set1_epi16(0x0F0F);
        for (; i + 64 <= n; i += 64) {
            auto const b = _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<__m256i const*>(bytes + i / 2)));
            auto const c = _mm512_and_si512(_mm512_or_si512(b, _mm512_slli_epi16(b, 4)), mask);
            _mm512_storeu_si512(codes + i, c);
        }
    }
    portable::unpack(bytes + i / static_cast<std::size_t>(8 / bits), n - i, bits, codes + i);
}

/// Eight codes as numbers, and what they stand for.
struct code_values {
    __m512d scale, offset;
    __m256i sign;  ///< the sign bit of signed codes, or 0

    KVT_QUANT_OPERATION explicit code_values(coding_rule const& rule)
        : scale{_mm512_set1_pd(rule.parameters.scale)}, offset{_mm512_set1_pd(rule.parameters.offset)},
          sign{_mm256_set1_epi32(-rule.grid.low)} {}
    KVT_QUANT_OPERATION __m512d read(std::uint8_t const* codes) const {
        auto const stored = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<__m128i const*>(codes)));
        return _mm512_cvtepi32_pd(_mm256_sub_epi32(_mm256_xor_si256(stored, sign), sign));
    }
    KVT_QUANT_OPERATION __m512d value(__m512d code) const { return _mm512_fmadd_pd(code, scale, offset); }
};

KVT_QUANT_TARGET inline void decode_wide(std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                         double* out) {
    code_values const c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) _mm512_storeu_pd(out + i, c.value(c.read(codes + i)));
    portable::decode(codes + i, n - i, rule, out + i);
}
KVT_QUANT_TARGET inline void decode_narrow(std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                           float* out) {
    code_values const c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) _mm256_storeu_ps(out + i, _mm512_cvtpd_ps(c.value(c.read(codes + i))));
    portable::decode(codes + i, n - i, rule, out + i);
}

KVT_QUANT_TARGET inline void measure(float const* x, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                     error_lanes& lanes) {
    auto signal = _mm512_load_pd(lanes.signal), noise = _mm512_load_pd(lanes.noise);
    auto cross = _mm512_load_pd(lanes.cross), rebuilt = _mm512_load_pd(lanes.rebuilt);
    auto worst = _mm512_load_pd(lanes.worst);
    code_values const c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        auto const v = _mm512_cvtps_pd(_mm256_loadu_ps(x + i));
        auto const y = c.value(c.read(codes + i)), e = _mm512_sub_pd(v, y);
        signal = _mm512_fmadd_pd(v, v, signal);
        noise = _mm512_fmadd_pd(e, e, noise);
        cross = _mm512_fmadd_pd(v, y, cross);
        rebuilt = _mm512_fmadd_pd(y, y, rebuilt);
        worst = _mm512_max_pd(_mm512_abs_pd(e), worst);
    }
    _mm512_store_pd(lanes.signal, signal), _mm512_store_pd(lanes.noise, noise);
    _mm512_store_pd(lanes.cross, cross), _mm512_store_pd(lanes.rebuilt, rebuilt);
    _mm512_store_pd(lanes.worst, worst);
    lanes.count += static_cast<std::int64_t>(i);
    portable::measure(x + i, codes + i, n - i, rule, lanes);
}

KVT_QUANT_TARGET inline void judge(float const* x, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
                                   candidate_lanes& lanes) {
    auto noise = _mm512_load_pd(lanes.noise), sum = _mm512_load_pd(lanes.codes),
         squares = _mm512_load_pd(lanes.squares);
    code_values const c{rule};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        auto const code = c.read(codes + i);
        auto const e = _mm512_sub_pd(_mm512_cvtps_pd(_mm256_loadu_ps(x + i)), c.value(code));
        noise = _mm512_fmadd_pd(e, e, noise);
        sum = _mm512_add_pd(sum, code);
        squares = _mm512_fmadd_pd(code, code, squares);
    }
    _mm512_store_pd(lanes.noise, noise), _mm512_store_pd(lanes.codes, sum), _mm512_store_pd(lanes.squares, squares);
    portable::judge(x + i, codes + i, n - i, rule, lanes);
}

}  // namespace kvt::inline KVT_ABI::quant::detail::avx512

#undef KVT_QUANT_TARGET
#undef KVT_QUANT_OPERATION

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
