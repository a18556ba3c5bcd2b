// Draw kernels whose values stay in AVX-512 registers: up to 32 numbers, or bit planes of up to 1023 codes.
#pragma once

#include <kvt/numeric/detail/draw_avx512.ipp>
#include <kvt/numeric/mean_resampler.hpp>

#include <bit>

#if KVT_KERNELS_X86

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // both: gcc 12's own AVX-512 header, in what is inlined here
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define KVT_DRAW_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_DRAW_OPERATION __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) inline

namespace kvt::inline KVT_ABI::numeric::detail::avx512 {

/// `lane_sums` with the values looked up in registers; up to 32 of them, padded to 33.
KVT_DRAW_TARGET inline std::size_t table_sums(sum_task const& task) {
    auto const n = static_cast<std::uint32_t>(task.values.size());
    double const* const table = task.readable;
    quick_draw const draw{n};
    vec const step = all(random_stream::increment);
    reals const t0 = _mm512_loadu_pd(table), t1 = _mm512_loadu_pd(table + 8), t2 = _mm512_loadu_pd(table + 16),
                t3 = _mm512_loadu_pd(table + 24);
    for (std::size_t first = 0; first < task.sums.size(); first += width) {
        vec at = places(task.state + first * task.stride * random_stream::increment, 0, task.stride);
        vec least = all(~std::uint64_t{0});
        reals totals = no_reals();
        for (std::uint32_t i = 0; i < n; ++i) {
            at = plus(at, step);
            vec const drawn = draw(at), index = shifted_right<32>(drawn);
            least = least_halves(least, drawn);
            totals = plus(totals, _mm512_mask_blend_pd(_mm512_test_epi64_mask(index, all(16)),
                                                       _mm512_permutex2var_pd(t0, index, t1),
                                                       _mm512_permutex2var_pd(t2, index, t3)));
        }
        if (auto const right = finish(task, first, totals, least, quick_draw::doubt(n)); right < first + width)
            return right;
    }
    return task.sums.size();
}

/// Thirty-two draws: 16-bit indices, in an order of their own that `lane_numbers` tells.
KVT_DRAW_OPERATION vec gathered_words(vec a, vec b, vec c, vec d, vec& ab, vec& cd) {
    ab = _mm512_castps_si512(_mm512_shuffle_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b), 0xDD));
    cd = _mm512_castps_si512(_mm512_shuffle_ps(_mm512_castsi512_ps(c), _mm512_castsi512_ps(d), 0xDD));
    return _mm512_srli_epi16(_mm512_mask_blend_epi16(0xAAAAAAAAU, _mm512_srli_epi32(ab, 16), cd), 6);
}
/// Which of the thirty-two draws each word holds.
KVT_DRAW_OPERATION vec lane_numbers() {
    alignas(64) std::uint64_t numbers[4][width];
    for (std::uint64_t v = 0; v < 4; ++v)
        for (std::uint64_t lane = 0; lane < width; ++lane) numbers[v][lane] = (v * width + lane) << 54;
    vec ab, cd;
    return gathered_words(load(numbers[0]), load(numbers[1]), load(numbers[2]), load(numbers[3]), ab, cd);
}

/// An index in the top ten bits of the upper half, and below it how far it is from the next one; n <= 1023.
KVT_DRAW_OPERATION vec short_draw(vec& at, vec n, vec step) {
    vec const drawn = times_low(nearly_mixed_upper(at), n);
    at = plus(at, step);
    return drawn;
}
KVT_DRAW_OPERATION vec short_distance(vec drawn) {
    return _mm512_slli_epi32(_mm512_add_epi32(drawn, _mm512_set1_epi32(2)), 10);
}

/// The sum of the codes of one resample, from bit planes; null where the draws leave an index in doubt. A draw's distance
/// is known to 2^-22: within 2 units of either end (n < 2^10 units of 2^-32 each way) it may belong to the next index.
template <int Planes>
KVT_DRAW_TARGET std::optional<std::uint64_t> code_sum(std::uint64_t state, std::uint32_t n, vec const (&planes)[4][2],
                                                      vec numbers) {
    vec const scaled = all(std::uint64_t{n} << 22), step = all(4 * width * random_stream::increment);
    vec a = places(state, 1, 1), b = places(state, 9, 1), c = places(state, 17, 1), d = places(state, 25, 1);
    vec least = all(~std::uint64_t{0});
    std::uint64_t counts[Planes] = {};
    for (std::uint32_t done = 0; done < n; done += 32) {
        vec const da = short_draw(a, scaled, step), db = short_draw(b, scaled, step);
        vec const dc = short_draw(c, scaled, step), dd = short_draw(d, scaled, step);
        vec ab, cd;
        vec const index = gathered_words(da, db, dc, dd, ab, cd);
        least = least_halves(least, least_halves(short_distance(ab), short_distance(cd)));
        vec const word = _mm512_srli_epi16(index, 4), bit = _mm512_and_si512(index, _mm512_set1_epi16(15));
        __mmask32 const wanted = n - done < 32
                                     ? _mm512_cmplt_epu16_mask(numbers, _mm512_set1_epi16(static_cast<short>(n - done)))
                                     : ~__mmask32{0};
        KVT_UNROLL for (int p = 0; p < Planes; ++p) {
            vec const words = _mm512_permutex2var_epi16(planes[p][0], word, planes[p][1]);
            counts[p] +=
                static_cast<std::uint64_t>(std::popcount(_mm512_movepi16_mask(_mm512_sllv_epi16(words, bit)) & wanted));
        }
    }
    if (_mm512_cmplt_epu32_mask(least, _mm512_set1_epi32(4 << 10)) != 0) return std::nullopt;
    std::uint64_t total = 0;
    for (int p = 0; p < Planes; ++p) total += counts[p] << p;
    return total;
}

template <int Planes> KVT_DRAW_TARGET std::size_t plane_sums(sum_task const& task, resample_group const& group) {
    auto const n = static_cast<std::uint32_t>(task.values.size());
    vec const numbers = lane_numbers();
    vec planes[4][2] = {};
    for (int p = 0; p < Planes; ++p)
        for (int half = 0; half < 2; ++half)
            planes[p][half] = _mm512_loadu_si512(group.bits[static_cast<std::size_t>(p)].data() + 32 * half);
    for (std::size_t r = 0; r < task.sums.size(); ++r) {
        std::uint64_t const state = task.state + r * task.stride * random_stream::increment;
        if (auto const codes = code_sum<Planes>(state, n, planes, numbers)) {
            task.sums[r] = group.step * (n * group.lowest + static_cast<double>(*codes));
        } else if (auto const sum = exact_sum(task.values, state)) task.sums[r] = *sum;
        else return r;
    }
    return task.sums.size();
}

}  // namespace kvt::inline KVT_ABI::numeric::detail::avx512

#undef KVT_DRAW_TARGET
#undef KVT_DRAW_OPERATION

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
