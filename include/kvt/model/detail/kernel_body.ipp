// The kernels' one body, compiled once for each instruction set: kernels_*.ipp define KVT_KERNEL_SET (a namespace),
// KVT_KERNEL_TARGET (attributes) and the type `vec` with its operations, then include this file. It has no include guard.
//
// Bits: a product is only ever added through `fma`, so that no compiler can fuse what another leaves apart, and no sum
// depends on the width of `vec`.
#if defined(KVT_KERNEL_SET)

namespace kvt::inline KVT_ABI::model::detail::KVT_KERNEL_SET {

/// How a left operand lies in memory: element (row, k) at `[row * stride + k]` or at `[k * stride + row]`.
enum class operand : std::uint8_t { row_major, k_major };

/// c[Rows x Vectors*width] (+)= a b, k ascending; `resume` continues sums that c already holds.
template <int Rows, int Vectors, operand Layout>
KVT_KERNEL_TARGET inline void tile(std::size_t inner, float const* a, std::size_t a_stride, float const* b,
                                   std::size_t b_stride, float* c, std::size_t c_stride, bool resume) {
    vec sums[Rows][Vectors];
    KVT_UNROLL for (int r = 0; r < Rows; ++r) {
        float const* const row = c + static_cast<std::size_t>(r) * c_stride;
        KVT_UNROLL for (int v = 0; v < Vectors; ++v) sums[r][v] = resume ? load(row + v * width) : all(0);
    }
    for (std::size_t k = 0; k < inner; ++k) {
        vec right[Vectors];
        KVT_UNROLL for (int v = 0; v < Vectors; ++v) right[v] = load(b + k * b_stride + v * width);
        KVT_UNROLL for (int r = 0; r < Rows; ++r) {
            auto const row = static_cast<std::size_t>(r);
            vec const left = all(Layout == operand::row_major ? a[row * a_stride + k] : a[k * a_stride + row]);
            KVT_UNROLL for (int v = 0; v < Vectors; ++v) sums[r][v] = fma(left, right[v], sums[r][v]);
        }
    }
    KVT_UNROLL for (int r = 0; r < Rows; ++r) {
        float* const row = c + static_cast<std::size_t>(r) * c_stride;
        KVT_UNROLL for (int v = 0; v < Vectors; ++v) store(row + v * width, sums[r][v]);
    }
}

/// `tile` over any number of rows: as many full tiles as fit, then halves.
template <int Rows, int Vectors, operand Layout>
KVT_KERNEL_TARGET inline void strip(std::int32_t rows, std::size_t inner, float const* a, std::size_t a_stride,
                                    float const* b, std::size_t b_stride, float* c, std::size_t c_stride, bool resume) {
    std::size_t const a_step = Layout == operand::row_major ? a_stride : 1;
    std::int32_t r = 0;
    for (; r + Rows <= rows; r += Rows)
        tile<Rows, Vectors, Layout>(inner, a + r * a_step, a_stride, b, b_stride, c + r * c_stride, c_stride, resume);
    if constexpr (Rows > 1) {
        constexpr int fewer = Rows > 8 ? 8 : Rows > 4 ? 4 : Rows / 2;
        if (r < rows)
            strip<fewer, Vectors, Layout>(rows - r, inner, a + r * a_step, a_stride, b, b_stride, c + r * c_stride,
                                          c_stride, resume);
    }
}

/// One row times `Panels` panels: its sums are few, so those of several panels are under way at once to hide the latency of
/// the additions.
template <int Panels>
KVT_KERNEL_TARGET inline void multiply_row(std::size_t inputs, float const* x, float const* panels, float* y) {
    constexpr int in_panel = panel_width / width;
    vec sums[Panels][in_panel];
    KVT_UNROLL for (int p = 0; p < Panels; ++p) { KVT_UNROLL for (int v = 0; v < in_panel; ++v) sums[p][v] = all(0); }
    for (std::size_t k = 0; k < inputs; ++k) {
        vec const left = all(x[k]);
        KVT_UNROLL for (int p = 0; p < Panels; ++p) {
            float const* const right = panels + (static_cast<std::size_t>(p) * inputs + k) * panel_width;
            KVT_UNROLL for (int v = 0; v < in_panel; ++v) sums[p][v] = fma(left, load(right + v * width), sums[p][v]);
        }
    }
    KVT_UNROLL for (int p = 0; p < Panels; ++p) {
        KVT_UNROLL for (int v = 0; v < in_panel; ++v) store(y + p * panel_width + v * width, sums[p][v]);
    }
}

KVT_KERNEL_TARGET inline void multiply(packed_matrix const& w, float const* x, std::size_t x_stride, std::int32_t rows,
                                       float* y, std::size_t y_stride) {
    constexpr std::size_t slice = 256;  // inputs at a time: a panel's slice (32 KiB) stays in the first cache
    constexpr int step = tile_vectors * width;
    auto const inputs = static_cast<std::size_t>(w.inputs()), outputs = static_cast<std::size_t>(w.padded_outputs());
    std::size_t first = 0;
    if (rows == 1) {
        constexpr int together = 8 * width / panel_width;  // eight sums
        for (; first + together * panel_width <= outputs; first += together * panel_width)
            multiply_row<together>(inputs, x, w.data() + first * inputs, y + first);
        for (; first < outputs; first += panel_width) multiply_row<1>(inputs, x, w.data() + first * inputs, y + first);
    }
    for (; first < outputs; first += panel_width)
        for (std::size_t k = 0; k < inputs || k == 0; k += slice) {
            std::size_t const inner = inputs - k < slice ? inputs - k : slice;
            for (int part = 0; part < panel_width; part += step)
                strip<tile_rows, tile_vectors, operand::row_major>(rows, inner, x + k, x_stride,
                                                                   w.data() + first * inputs + k * panel_width + part,
                                                                   panel_width, y + first + part, y_stride, k > 0);
        }
}

/// e^x with |error| of about one unit in the last place; every step is one rounding, whatever the width.
KVT_KERNEL_TARGET inline vec exponential_of(vec x) {
    vec const held = min(max(x, all(-88.0F)), all(88.0F));
    vec const shifted = fma(held, all(0x1.715476p+0F), all(0x1.8p23F));  // the integer part, in the low bits
    vec const whole = sub(shifted, all(0x1.8p23F));
    vec const rest = fma(whole, all(0x1.05c61p-29F), fma(whole, all(-0x1.62e43p-1F), held));
    vec p = fma(all(1.0F / 5040), rest, all(1.0F / 720));
    p = fma(p, rest, all(1.0F / 120));
    p = fma(p, rest, all(1.0F / 24));
    p = fma(p, rest, all(1.0F / 6));
    p = fma(p, rest, all(0.5F));
    p = fma(p, rest, all(1.0F));
    p = fma(p, rest, all(1.0F));
    return where_at_least(x, all(-87.0F), times_power_of_two(p, shifted));
}

KVT_KERNEL_TARGET inline void exponential(float const* x, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; i += width) store(out + i, exponential_of(load(x + i)));
}

KVT_KERNEL_TARGET inline void swiglu(float* gate, float const* up, std::size_t count) {
    for (std::size_t i = 0; i < count; i += width) {
        vec const g = load(gate + i);
        store(gate + i, mul(div(g, add(all(1.0F), exponential_of(sub(all(0.0F), g)))), load(up + i)));
    }
}

KVT_KERNEL_TARGET inline void rotate(float* x, float const* cosines, float const* sines, std::int32_t half) {
    float* const y = x + half;
    std::int32_t i = 0;
    for (; i + width <= half; i += width) {
        vec const a = load(x + i), b = load(y + i), c = load(cosines + i), s = load(sines + i);
        store(x + i, fma(sub(all(0.0F), b), s, mul(a, c)));
        store(y + i, fma(a, s, mul(b, c)));
    }
    for (; i < half; ++i) {
        float const a = x[i], b = y[i];
        x[i] = std::fma(0.0F - b, sines[i], a * cosines[i]);
        y[i] = std::fma(a, sines[i], b * cosines[i]);
    }
}

/// Sum of squares: element i goes to partial sum i mod 16, and these are added in pairs 8, 4, 2 and 1 apart.
KVT_KERNEL_TARGET inline float sum_of_squares(float const* x, std::size_t count) {
    alignas(64) float partial[16] = {};
    alignas(64) float tail[16] = {};
    for (std::size_t part = 0; part < 16; part += width) {
        vec sum = all(0);
        std::size_t i = part;
        for (; i - part + 16 <= count; i += 16) {
            vec const v = load(x + i);
            sum = fma(v, v, sum);
        }
        for (std::size_t j = i; j < count && j < i + width; ++j) tail[j - i + part] = x[j];
        vec const last = load(tail + part);
        store(partial + part, fma(last, last, sum));
    }
    for (std::size_t apart = 8; apart > 0; apart /= 2)
        for (std::size_t i = 0; i < apart; ++i) partial[i] += partial[i + apart];
    return partial[0];
}

KVT_KERNEL_TARGET inline void rms_norm(float const* x, std::size_t x_stride, std::int32_t rows,
                                       std::span<float const> gain, float eps, float* y, std::size_t y_stride) {
    std::size_t const count = gain.size();
    for (std::int32_t r = 0; r < rows; ++r, x += x_stride, y += y_stride) {
        float const mean = sum_of_squares(x, count) / static_cast<float>(count);
        float const scale = 1.0F / std::sqrt(mean + eps);
        std::size_t i = 0;
        for (; i + width <= count; i += width) store(y + i, mul(mul(load(x + i), all(scale)), load(gain.data() + i)));
        for (; i < count; ++i) y[i] = x[i] * scale * gain[i];
    }
}

/// Scores of all lanes on all slots, then -infinity where a lane must not look.
KVT_KERNEL_TARGET inline void score(attention_task const& t) {
    auto const dim = static_cast<std::size_t>(t.head_dim), stride = static_cast<std::size_t>(t.stride);
    constexpr int step = tile_vectors * width;
    int lane = 0;
    for (; lane + step <= t.stride; lane += step)
        strip<tile_rows, tile_vectors, operand::row_major>(t.columns, dim, t.keys, dim, t.queries + lane, stride,
                                                           t.probs + lane, stride, false);
    for (; lane < t.stride; lane += width)
        strip<tile_rows, 1, operand::row_major>(t.columns, dim, t.keys, dim, t.queries + lane, stride, t.probs + lane,
                                                stride, false);
    for (std::int32_t l = 0; l < t.lanes; ++l)
        for (auto j = static_cast<std::size_t>(t.visible[l]); j < static_cast<std::size_t>(t.columns); ++j)
            t.probs[j * stride + static_cast<std::size_t>(l)] = -std::numeric_limits<float>::infinity();
}

/// exp(score - maximum) in place; the denominators are summed slot by slot.
KVT_KERNEL_TARGET inline void soften(attention_task const& t) {
    auto const stride = static_cast<std::size_t>(t.stride), end = static_cast<std::size_t>(t.columns) * stride;
    for (std::size_t lane = 0; lane < stride; lane += width) {
        vec highest = all(-std::numeric_limits<float>::infinity());
        for (std::size_t at = lane; at < end; at += stride) highest = max(load(t.probs + at), highest);
        vec sum = all(0);
        for (std::size_t at = lane; at < end; at += stride) {
            vec const p = exponential_of(sub(load(t.probs + at), highest));
            store(t.probs + at, p);
            sum = add(sum, p);
        }
        store(t.sums + lane, sum);
    }
}

KVT_KERNEL_TARGET inline void attend(attention_task const& t) {
    score(t);
    soften(t);
    auto const dim = static_cast<std::size_t>(t.head_dim), stride = static_cast<std::size_t>(t.stride);
    auto const slots = static_cast<std::size_t>(t.columns), out_stride = static_cast<std::size_t>(t.out_stride);
    std::size_t c = 0;
    for (; c + tile_vectors * width <= dim; c += tile_vectors * width)
        strip<value_rows, tile_vectors, operand::k_major>(t.lanes, slots, t.probs, stride, t.values + c, dim, t.out + c,
                                                          out_stride, false);
    for (; c + width <= dim; c += width)
        strip<value_rows, 1, operand::k_major>(t.lanes, slots, t.probs, stride, t.values + c, dim, t.out + c,
                                               out_stride, false);
    for (std::size_t l = 0; l < static_cast<std::size_t>(t.lanes); ++l) {
        float* const out = t.out + l * out_stride;
        for (std::size_t d = c; d < dim; ++d) {
            float sum = 0;
            for (std::size_t j = 0; j < slots; ++j) sum = std::fma(t.probs[j * stride + l], t.values[j * dim + d], sum);
            out[d] = sum;
        }
        std::size_t d = 0;
        for (; d + width <= dim; d += width) store(out + d, div(load(out + d), all(t.sums[l])));
        for (; d < dim; ++d) out[d] /= t.sums[l];
    }
}

KVT_KERNEL_TARGET inline void normalise(attention_task const& t) {
    auto const stride = static_cast<std::size_t>(t.stride), end = static_cast<std::size_t>(t.columns) * stride;
    for (std::size_t lane = 0; lane < stride; lane += width) {
        vec const sum = load(t.sums + lane);
        for (std::size_t at = lane; at < end; at += stride) store(t.probs + at, div(load(t.probs + at), sum));
    }
}

inline constexpr kernel_table table{.multiply = multiply,
                                    .rms_norm = rms_norm,
                                    .attend = attend,
                                    .normalise = normalise,
                                    .rotate = rotate,
                                    .swiglu = swiglu,
                                    .exponential = exponential};

}  // namespace kvt::inline KVT_ABI::model::detail::KVT_KERNEL_SET

#undef KVT_KERNEL_SET
#undef KVT_KERNEL_TARGET
#endif
