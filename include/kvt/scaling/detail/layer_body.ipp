// The layer kernels' one body, compiled once for each instruction set: layer_kernels.ipp defines KVT_LAYER_SET (a
// namespace), KVT_LAYER_BYTES (the width of a vector), KVT_LAYER_TARGET and KVT_LAYER_OPERATION (attributes), then
// includes this file. It has no include guard. Vectors are the compiler's own, of GCC and clang.
#if defined(KVT_LAYER_SET)

namespace kvt::inline KVT_ABI::scaling::detail::KVT_LAYER_SET {

template <class Real> struct lanes {
    using constants = exponential_constants<Real>;
    using whole = typename constants::whole;
    typedef Real vec __attribute__((vector_size(KVT_LAYER_BYTES)));
    typedef whole wholes __attribute__((vector_size(KVT_LAYER_BYTES)));
    static constexpr std::size_t width = KVT_LAYER_BYTES / sizeof(Real);
};
template <class Real> using vec = typename lanes<Real>::vec;

template <class Real> KVT_LAYER_OPERATION vec<Real> all(Real x) { return vec<Real>{} + x; }
/// Up to a vector's lanes; what is missing is `fill`.
template <class Real> KVT_LAYER_OPERATION vec<Real> load(Real const* p, std::size_t count, Real fill = 0) {
    vec<Real> v;
    if (count >= lanes<Real>::width) {
        __builtin_memcpy(&v, p, sizeof v);
        return v;
    }
    v = all(fill);
    for (std::size_t i = 0; i < count; ++i) v[i] = p[i];
    return v;
}
template <class Real> KVT_LAYER_OPERATION void store(Real* p, std::size_t count, vec<Real> v) {
    if (count >= lanes<Real>::width) __builtin_memcpy(p, &v, sizeof v);
    else
        for (std::size_t i = 0; i < count; ++i) p[i] = v[i];
}
/// The vector with lanes exchanged that are so far apart.
template <class Real, std::size_t Apart, std::size_t... Lane>
KVT_LAYER_OPERATION vec<Real> exchanged(vec<Real> v, std::index_sequence<Lane...>) {
    return __builtin_shufflevector(v, v, static_cast<int>(Lane ^ Apart)...);
}
/// Sums, or the highest, of lanes 1, then 2, 4, ... apart; the same in every lane in the end.
template <class Real, std::size_t Apart = 1> KVT_LAYER_OPERATION Real sum_of(vec<Real> v) {
    if constexpr (Apart == lanes<Real>::width) return v[0];
    else return sum_of<Real, 2 * Apart>(v + exchanged<Real, Apart>(v, std::make_index_sequence<lanes<Real>::width>{}));
}
template <class Real, std::size_t Apart = 1> KVT_LAYER_OPERATION Real highest_of(vec<Real> v) {
    if constexpr (Apart == lanes<Real>::width) return v[0];
    else {
        auto const other = exchanged<Real, Apart>(v, std::make_index_sequence<lanes<Real>::width>{});
        return highest_of<Real, 2 * Apart>(v > other ? v : other);
    }
}

template <class Real> KVT_LAYER_OPERATION vec<Real> exponential(vec<Real> x) {
    using c = exponential_constants<Real>;
    using wholes = typename lanes<Real>::wholes;
    vec<Real> const low = all(c::lowest), high = all(c::highest);
    vec<Real> held = x > low ? x : low;
    held = held < high ? held : high;
    vec<Real> const shifted = held * static_cast<Real>(0x1.71547652b82fep+0) + c::magic;
    vec<Real> const n = shifted - c::magic;
    vec<Real> const rest = (held - n * c::ln2_high) - n * c::ln2_low;
    Real factorial = 1;
    for (int i = 2; i <= c::degree; ++i) factorial *= static_cast<Real>(i);
    vec<Real> p = all(1 / factorial);
    KVT_UNROLL for (int i = c::degree; i > 0; --i) {
        factorial /= static_cast<Real>(i);
        p = p * rest + 1 / factorial;
    }
    wholes const power = reinterpret_cast<wholes>(shifted) << c::shift;
    wholes const bits = reinterpret_cast<wholes>(p) + power;
    return x >= low ? reinterpret_cast<vec<Real>>(bits) : all(Real{0});
}

template <class Real>
KVT_LAYER_TARGET inline void rms_norm(Real const* x, Real const* gain, std::size_t rows, std::size_t width, Real eps,
                                      Real* y, Real* scales) {
    constexpr std::size_t w = lanes<Real>::width;
    for (std::size_t r = 0; r < rows; ++r, x += width, y += width) {
        vec<Real> squares = all(Real{0});
        for (std::size_t i = 0; i < width; i += w) {
            auto const v = load(x + i, width - i);
            squares += v * v;
        }
        scales[r] = 1 / std::sqrt(sum_of<Real>(squares) / static_cast<Real>(width) + eps);
        for (std::size_t i = 0; i < width; i += w)
            store<Real>(y + i, width - i, load(x + i, width - i) * scales[r] * load(gain + i, width - i));
    }
}

template <class Real>
KVT_LAYER_TARGET inline void rms_norm_backward(Real const* d_y, Real const* x, Real const* gain, Real const* scales,
                                               std::size_t rows, std::size_t width, Real* d_x, Real* d_gain) {
    constexpr std::size_t w = lanes<Real>::width;
    for (std::size_t r = 0; r < rows; ++r, x += width, d_y += width, d_x += width) {
        Real const scale = scales[r];
        vec<Real> products = all(Real{0});
        for (std::size_t i = 0; i < width; i += w) {
            std::size_t const left = width - i;
            vec<Real> const with_x = load(d_y + i, left) * load(x + i, left);
            products += with_x * load(gain + i, left);
            store<Real>(d_gain + i, left, load<Real>(d_gain + i, left) + with_x * scale);
        }
        Real const pull = sum_of<Real>(products) * scale * scale * scale / static_cast<Real>(width);
        for (std::size_t i = 0; i < width; i += w) {
            std::size_t const left = width - i;
            vec<Real> const along = load(d_y + i, left) * load(gain + i, left) * scale - load(x + i, left) * pull;
            store<Real>(d_x + i, left, load<Real>(d_x + i, left) + along);
        }
    }
}

template <class Real>
KVT_LAYER_TARGET inline void swiglu(Real const* gate, Real const* up, std::size_t count, Real* out) {
    constexpr std::size_t w = lanes<Real>::width;
    for (std::size_t i = 0; i < count; i += w) {
        auto const g = load(gate + i, count - i);
        store<Real>(out + i, count - i, g / (exponential<Real>(-g) + 1) * load(up + i, count - i));
    }
}

template <class Real>
KVT_LAYER_TARGET inline void swiglu_backward(Real const* d_out, std::size_t count, Real* gate, Real* up) {
    constexpr std::size_t w = lanes<Real>::width;
    for (std::size_t i = 0; i < count; i += w) {
        std::size_t const left = count - i;
        vec<Real> const g = load<Real>(gate + i, left), u = load<Real>(up + i, left), d = load(d_out + i, left);
        vec<Real> const sigmoid = 1 / (exponential<Real>(-g) + 1), activated = g * sigmoid;
        store<Real>(gate + i, left, d * u * (sigmoid + activated * (1 - sigmoid)));
        store<Real>(up + i, left, d * activated);
    }
}

template <class Real>
KVT_LAYER_TARGET inline void rotate(Real* x, std::size_t heads, std::size_t half, Real const* cosines,
                                    Real const* sines) {
    constexpr std::size_t w = lanes<Real>::width;
    for (std::size_t h = 0; h < heads; ++h, x += 2 * half)
        for (std::size_t i = 0; i < half; i += w) {
            std::size_t const left = half - i;
            vec<Real> const a = load<Real>(x + i, left), b = load<Real>(x + half + i, left);
            vec<Real> const c = load(cosines + i, left), s = load(sines + i, left);
            store<Real>(x + i, left, a * c - b * s);
            store<Real>(x + half + i, left, b * c + a * s);
        }
}

/// The highest of some values, and the sum of exp(value - highest).
template <class Real> struct soft_sum { Real highest, sum; };
/// With `keep`, values become exp(value - highest).
template <class Real, bool Keep> KVT_LAYER_OPERATION soft_sum<Real> soften(Real* values, std::size_t count) {
    constexpr std::size_t w = lanes<Real>::width;
    constexpr Real none = -std::numeric_limits<Real>::infinity();
    vec<Real> high = all(none);
    for (std::size_t i = 0; i < count; i += w) {
        auto const v = load<Real>(values + i, count - i, none);
        high = v > high ? v : high;
    }
    Real const highest = highest_of<Real>(high);
    vec<Real> sums = all(Real{0});
    for (std::size_t i = 0; i < count; i += w) {
        auto const e = exponential<Real>(load<Real>(values + i, count - i, none) - highest);
        if constexpr (Keep) store<Real>(values + i, count - i, e);
        sums += e;
    }
    return {highest, sum_of<Real>(sums)};
}

template <class Real> KVT_LAYER_OPERATION void scale_by(Real* values, std::size_t count, Real factor) {
    for (std::size_t i = 0; i < count; i += lanes<Real>::width)
        store<Real>(values + i, count - i, load<Real>(values + i, count - i) * factor);
}

template <class Real> KVT_LAYER_TARGET inline void softmax(score_rows<Real> const& t, Real* log_sums) {
    for (std::size_t r = 0; r < t.rows; ++r) {
        Real* const row = t.scores + r * t.stride;
        std::size_t const seen = t.first + r + 1;
        auto const [highest, sum] = soften<Real, true>(row, seen);
        scale_by<Real>(row, seen, 1 / sum);
        for (std::size_t j = seen; j < t.columns; ++j) row[j] = 0;
        log_sums[r] = highest + std::log(sum);
    }
}

template <class Real>
KVT_LAYER_TARGET inline void softmax_backward(score_rows<Real> const& t, Real const* log_sums, Real const* delta,
                                              Real* d) {
    constexpr std::size_t w = lanes<Real>::width;
    for (std::size_t r = 0; r < t.rows; ++r) {
        Real* const row = t.scores + r * t.stride;
        Real* const d_row = d + r * t.stride;
        std::size_t const seen = t.first + r + 1;
        Real const log_sum = log_sums[r], mean = delta[r];
        for (std::size_t i = 0; i < seen; i += w) {
            std::size_t const left = seen - i;
            vec<Real> const p = exponential<Real>(load<Real>(row + i, left) - log_sum);
            store<Real>(row + i, left, p);
            store<Real>(d_row + i, left, p * (load<Real>(d_row + i, left) - mean));
        }
        for (std::size_t j = seen; j < t.columns; ++j) row[j] = d_row[j] = 0;
    }
}

template <class Real> KVT_LAYER_OPERATION bool highest_first(logit_row<Real> const& row, Real highest) {
    if (row.logits[row.target] != highest) return false;
    for (std::size_t j = 0; j < row.target; ++j)
        if (row.logits[j] == highest) return false;
    return true;
}

template <class Real> KVT_LAYER_TARGET inline row_loss<Real> cross_entropy(logit_row<Real> const& row) {
    auto const [highest, sum] = soften<Real, false>(row.logits, row.count);
    return {highest + std::log(sum) - row.logits[row.target], highest_first<Real>(row, highest)};
}

template <class Real>
KVT_LAYER_TARGET inline row_loss<Real> cross_entropy_backward(logit_row<Real> const& row, Real weight) {
    Real const wanted = row.logits[row.target];
    auto const [highest, sum] = soften<Real, true>(row.logits, row.count);
    bool const hit = wanted == highest && highest_first<Real>(row, Real{1});
    scale_by<Real>(row.logits, row.count, weight / sum);
    row.logits[row.target] -= weight;
    return {highest + std::log(sum) - wanted, hit};
}

template <class Real> KVT_LAYER_TARGET inline Real dot(Real const* a, Real const* b, std::size_t count) {
    vec<Real> sum = all(Real{0});
    for (std::size_t i = 0; i < count; i += lanes<Real>::width) sum += load(a + i, count - i) * load(b + i, count - i);
    return sum_of<Real>(sum);
}

template <class Real> KVT_LAYER_TARGET inline void add(Real const* x, std::size_t count, Real* to) {
    for (std::size_t i = 0; i < count; i += lanes<Real>::width)
        store<Real>(to + i, count - i, load<Real>(to + i, count - i) + load(x + i, count - i));
}

template <class Real>
inline constexpr layer_kernels<Real> table{.rms_norm = rms_norm<Real>,
                                           .rms_norm_backward = rms_norm_backward<Real>,
                                           .swiglu = swiglu<Real>,
                                           .swiglu_backward = swiglu_backward<Real>,
                                           .rotate = rotate<Real>,
                                           .softmax = softmax<Real>,
                                           .softmax_backward = softmax_backward<Real>,
                                           .cross_entropy_backward = cross_entropy_backward<Real>,
                                           .cross_entropy = cross_entropy<Real>,
                                           .dot = dot<Real>,
                                           .add = add<Real>};

}  // namespace kvt::inline KVT_ABI::scaling::detail::KVT_LAYER_SET

#undef KVT_LAYER_SET
#undef KVT_LAYER_BYTES
#undef KVT_LAYER_TARGET
#undef KVT_LAYER_OPERATION
#endif
