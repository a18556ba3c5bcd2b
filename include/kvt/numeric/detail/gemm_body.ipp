// The matrix product's one body, compiled once for each instruction set: gemm_kernels.ipp defines KVT_GEMM_SET (a
// namespace), KVT_GEMM_TARGET (attributes), the vectors `floats` and `doubles` and the sizes of a tile, then includes
// this file. It has no include guard.
#if defined(KVT_GEMM_SET)

namespace kvt::inline KVT_ABI::numeric::detail::KVT_GEMM_SET {

/// What a strip of rows of `c` is computed from: a part of the inner index, one panel.
template <class Real> struct strip_task {
    std::size_t inner, columns;  ///< of the strip; columns may be fewer than the tile has
    Real const* a;
    std::size_t a_stride;
    Real const* b;  ///< [inner][packed width]
    Real* c;
    std::size_t c_stride;
    Real alpha;
    bool add;  ///< to what c holds
};

template <class V, int Rows, layout Order>
KVT_GEMM_TARGET inline void tile(strip_task<typename V::real> const& t, typename V::real* c, std::size_t c_stride,
                                 bool add) {
    using real = typename V::real;
    constexpr std::size_t panel = packed_operand<real>::width;
    typename V::vec sums[Rows][tile_vectors];
    KVT_UNROLL for (int r = 0; r < Rows; ++r) KVT_UNROLL for (int v = 0; v < tile_vectors; ++v) sums[r][v] = V::all(0);
    real const* b = t.b;
    real const* a = t.a;
    for (std::size_t k = 0; k < t.inner; ++k, b += panel, a += Order == layout::by_row ? 1 : t.a_stride) {
        typename V::vec right[tile_vectors];
        KVT_UNROLL for (int v = 0; v < tile_vectors; ++v) right[v] = V::load(b + v * V::width);
        KVT_UNROLL for (int r = 0; r < Rows; ++r) {
            auto const row = static_cast<std::size_t>(r);
            auto const left = V::all(Order == layout::by_row ? a[row * t.a_stride] : a[row]);
            KVT_UNROLL for (int v = 0; v < tile_vectors; ++v) sums[r][v] = V::fma(left, right[v], sums[r][v]);
        }
    }
    auto const alpha = V::all(t.alpha);
    KVT_UNROLL for (int r = 0; r < Rows; ++r) {
        real* const row = c + static_cast<std::size_t>(r) * c_stride;
        KVT_UNROLL for (int v = 0; v < tile_vectors; ++v) {
            auto const held = add ? V::load(row + v * V::width) : V::all(0);
            V::store(row + v * V::width, V::fma(alpha, sums[r][v], held));
        }
    }
}

/// `Rows` rows of any number of columns up to the tile's.
template <class V, int Rows, layout Order> KVT_GEMM_TARGET inline void edge(strip_task<typename V::real> const& t) {
    constexpr std::size_t columns = tile_vectors * V::width;
    if (t.columns == columns) return tile<V, Rows, Order>(t, t.c, t.c_stride, t.add);
    alignas(64) typename V::real part[Rows * columns];
    tile<V, Rows, Order>(t, part, columns, false);
    for (std::size_t r = 0; r < Rows; ++r)
        for (std::size_t j = 0; j < t.columns; ++j) {
            auto& held = t.c[r * t.c_stride + j];
            held = t.add ? held + part[r * columns + j] : part[r * columns + j];
        }
}

/// Any number of rows: as many full tiles as fit, then halves.
template <class V, int Rows, layout Order>
KVT_GEMM_TARGET inline void strip(strip_task<typename V::real> t, std::size_t rows) {
    std::size_t const step = Order == layout::by_row ? t.a_stride : 1;
    std::size_t r = 0;
    for (; r + Rows <= rows; r += Rows, t.a += Rows * step, t.c += Rows * t.c_stride) edge<V, Rows, Order>(t);
    if constexpr (Rows > 1) {
        constexpr int fewer = Rows > 8 ? 8 : Rows > 4 ? 4 : Rows / 2;
        if (r < rows) strip<V, fewer, Order>(t, rows - r);
    }
}

/// `b` holds panels of `b_inner` rows each; c has been multiplied by beta.
template <class V, layout Order>
KVT_GEMM_TARGET inline void multiply(product<typename V::real> const& p, typename V::real const* b,
                                     std::size_t b_inner) {
    constexpr std::size_t block = 20 * tile_rows;  // rows: their part of a stays in the second cache
    constexpr std::size_t panel = packed_operand<typename V::real>::width, columns = tile_vectors * V::width;
    std::size_t const step = Order == layout::by_row ? p.a.stride : 1, along = Order == layout::by_row ? 1 : p.a.stride;
    std::size_t const slice = slice_of(p.inner);
    for (std::size_t k = 0; k < p.inner; k += slice)
        for (std::size_t i = 0; i < p.rows; i += block)
            for (std::size_t j = 0; j < p.columns; j += columns) {
                std::size_t const within = j % panel;
                strip<V, tile_rows, Order>({.inner = p.inner - k < slice ? p.inner - k : slice,
                                            .columns = p.columns - j < columns ? p.columns - j : columns,
                                            .a = p.a.data + i * step + k * along,
                                            .a_stride = p.a.stride,
                                            .b = b + (j - within) * b_inner + k * panel + within,
                                            .c = p.c + i * p.c_stride + j,
                                            .c_stride = p.c_stride,
                                            .alpha = p.alpha,
                                            .add = k > 0 || p.beta != 0},
                                           p.rows - i < block ? p.rows - i : block);
            }
}

template <class Real> KVT_GEMM_TARGET inline void run(product<Real> const& p, Real const* b, std::size_t b_inner) {
    using vector = vector_of<Real>;
    if (p.a.order == layout::by_row) multiply<vector, layout::by_row>(p, b, b_inner);
    else multiply<vector, layout::by_column>(p, b, b_inner);
}

}  // namespace kvt::inline KVT_ABI::numeric::detail::KVT_GEMM_SET

#undef KVT_GEMM_SET
#undef KVT_GEMM_TARGET
#undef KVT_GEMM_OPERATION
#endif
