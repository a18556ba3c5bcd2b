// The Gram kernel's one body, compiled once for each instruction set: gram_kernels.ipp defines KVT_GRAM_SET (a
// namespace), KVT_GRAM_TARGET (attributes) and `reals` with its operations, then includes this file.
// It has no include guard.
#if defined(KVT_GRAM_SET)

namespace kvt::inline KVT_ABI::numeric::detail::KVT_GRAM_SET {

/// Of a tile with itself only the upper half. out[a][b] = sums over `rows` rows (a multiple of 8) of left[a]·right[b]: eight running sums, one for each row number
/// modulo 8, only ever added to through fused multiply-adds, then added in one fixed order. So the width of `reals` and
/// the size of the tile change nothing.
KVT_GRAM_TARGET inline void tile(double const* const* left, double const* const* right, std::size_t rows,
                                 double (&out)[gram_tile][gram_tile]) {
    alignas(64) double lanes[gram_tile][gram_tile][8];
    for (int side = 0; side < gram_tile; side += tile_columns) {
        for (int part = 0; part < 8; part += reals_width) {
            reals sums[gram_tile][tile_columns];
            KVT_UNROLL for (int a = 0; a < gram_tile; ++a) KVT_UNROLL for (int b = 0; b < tile_columns; ++b)
                sums[a][b] = none();
            for (std::size_t i = static_cast<std::size_t>(part); i < rows; i += 8) {
                reals l[gram_tile];
                KVT_UNROLL for (int a = 0; a < gram_tile; ++a) l[a] = load(left[a] + i);
                KVT_UNROLL for (int b = 0; b < tile_columns; ++b) {
                    reals const r = load(right[side + b] + i);
                    KVT_UNROLL for (int a = 0; a < gram_tile; ++a) sums[a][b] = fused(l[a], r, sums[a][b]);
                }
            }
            KVT_UNROLL for (int a = 0; a < gram_tile; ++a) KVT_UNROLL for (int b = 0; b < tile_columns; ++b)
                store(lanes[a][side + b] + part, sums[a][b]);
        }
    }
    bool const square = left == right;
    for (int a = 0; a < gram_tile; ++a)
        for (int b = square ? a : 0; b < gram_tile; ++b) out[a][b] = added_up(lanes[a][b]);
}

}  // namespace kvt::inline KVT_ABI::numeric::detail::KVT_GRAM_SET

#undef KVT_GRAM_SET
#undef KVT_GRAM_TARGET
#undef KVT_GRAM_OPERATION
#endif
