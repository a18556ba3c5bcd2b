// The loop of quant/group_error.hpp, once an instruction set: set KVT_ERROR_TARGET (attributes) inside a namespace, then
// include this file. It has no include guard.

/// Adds the points' errors and codes, eight at a time; weighted where weights are given.
template <bool Weighted>
KVT_ERROR_TARGET inline void add_errors(double const* points, double const* weights, std::size_t eights,
                                        error_parameters const& p, error_lanes& lanes) {
    using doubles = double __attribute__((vector_size(64)));
    using whole = std::int32_t __attribute__((vector_size(32)));
    doubles squares, codes, code_squares;
    __builtin_memcpy(&squares, lanes.squares, sizeof squares);
    __builtin_memcpy(&codes, lanes.codes, sizeof codes);
    __builtin_memcpy(&code_squares, lanes.code_squares, sizeof code_squares);
    for (std::size_t i = 0; i < eights; ++i) {
        doubles x;
        __builtin_memcpy(&x, points + 8 * i, sizeof x);
        doubles t = (x - p.offset) * p.inverse;
        t = t > 0.0 ? t : doubles{};
        t = t < p.top ? t : doubles{} + p.top;
        doubles const code = __builtin_convertvector(__builtin_convertvector(t + below_half, whole), doubles);
        doubles const e = x - (p.offset + code * p.scale);
        if constexpr (Weighted) {
            doubles w;
            __builtin_memcpy(&w, weights + 8 * i, sizeof w);
            squares += w * (e * e);
            codes += w * code;
            code_squares += w * (code * code);
        } else {
            squares += e * e;
            codes += code;
            code_squares += code * code;
        }
    }
    __builtin_memcpy(lanes.squares, &squares, sizeof squares);
    __builtin_memcpy(lanes.codes, &codes, sizeof codes);
    __builtin_memcpy(lanes.code_squares, &code_squares, sizeof code_squares);
}
