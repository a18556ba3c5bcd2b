// The loops of quant/group_error.hpp, once an instruction set: set KVT_ERROR_TARGET (attributes) and KVT_ERROR_LANES (of
// one register) inside a namespace, then include this file. It has no include guard.

/// Eight values at a time as doubles.
KVT_ERROR_TARGET inline void widen(float const* values, std::size_t eights, double* out) {
    using narrow = float __attribute__((vector_size(4 * KVT_ERROR_LANES)));
    using wide = double __attribute__((vector_size(8 * KVT_ERROR_LANES)));
    for (std::size_t i = 0; i < 8 * eights; i += KVT_ERROR_LANES) {
        narrow x;
        __builtin_memcpy(&x, values + i, sizeof x);
        wide const y = __builtin_convertvector(x, wide);
        __builtin_memcpy(out + i, &y, sizeof y);
    }
}

/// Adds the points' errors and codes, eight at a time; weighted where weights are given.
template <bool Weighted>
KVT_ERROR_TARGET inline void add_errors(double const* points, double const* weights, std::size_t eights,
                                        candidate_parameters const& p, candidate_lanes& lanes) {
    using doubles = double __attribute__((vector_size(8 * KVT_ERROR_LANES)));
    using whole = std::int32_t __attribute__((vector_size(4 * KVT_ERROR_LANES)));
    constexpr std::size_t registers = 8 / KVT_ERROR_LANES;
    doubles squares[registers], codes[registers], code_squares[registers];
    __builtin_memcpy(&squares, lanes.squares, sizeof squares);
    __builtin_memcpy(&codes, lanes.codes, sizeof codes);
    __builtin_memcpy(&code_squares, lanes.code_squares, sizeof code_squares);
    doubles const none{}, top = none + p.top;
    for (std::size_t i = 0; i < 8 * eights; i += 8) {
        KVT_UNROLL for (std::size_t r = 0; r < registers; ++r) {
            doubles x;
            __builtin_memcpy(&x, points + i + r * KVT_ERROR_LANES, sizeof x);
            doubles t = (x - p.offset) * p.inverse;
            t = t > none ? t : none;
            t = t < top ? t : top;
            doubles const code = __builtin_convertvector(__builtin_convertvector(t + below_half, whole), doubles);
            doubles const e = x - (p.offset + code * p.scale);
            if constexpr (Weighted) {
                doubles w;
                __builtin_memcpy(&w, weights + i + r * KVT_ERROR_LANES, sizeof w);
                squares[r] += w * (e * e);
                codes[r] += w * code;
                code_squares[r] += w * (code * code);
            } else {
                squares[r] += e * e;
                codes[r] += code;
                code_squares[r] += code * code;
            }
        }
    }
    __builtin_memcpy(lanes.squares, &squares, sizeof squares);
    __builtin_memcpy(lanes.codes, &codes, sizeof codes);
    __builtin_memcpy(lanes.code_squares, &code_squares, sizeof code_squares);
}
