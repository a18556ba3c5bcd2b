// Definitions of numeric/gram.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/gram.hpp>

#include <kvt/numeric/detail/gram_kernels.ipp>

#include <algorithm>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

/// Adds the sums of products of all pairs of columns over some rows to `sums` ([padded x padded], upper tiles only).
/// `columns` holds `padded` pointers, a multiple of the tile.
inline void add_products(gram_kernel kernel, std::span<double const*> columns, std::size_t rows,
                         std::span<double> sums) {
    constexpr std::size_t tile = gram_tile;
    std::size_t const padded = columns.size();
    double part[gram_tile][gram_tile];
    for (std::size_t a = 0; a < padded; a += tile)
        for (std::size_t b = a; b < padded; b += tile) {
            kernel(columns.data() + a, columns.data() + b, rows, part);
            for (std::size_t i = 0; i < tile; ++i)
                for (std::size_t j = a == b ? i : 0; j < tile; ++j) sums[(a + i) * padded + b + j] += part[i][j];
        }
}

/// All rows of the columns and y, 512 at a time; rows that do not fill a vector are padded with zeros, and so are columns
/// that do not fill a tile (with the last one, whose sums are not used).
inline void product_sums(std::span<double const> columns, std::size_t unknowns, std::span<double const> y,
                         instruction_set set, std::span<double const*> at, std::span<double> sums) {
    constexpr std::size_t block = 512, vector = 8;
    auto const kernel = gram_kernel_of(set);
    std::size_t const rows = y.size(), padded = at.size();
    auto const column = [&](std::size_t c) { return c < unknowns ? columns.data() + c * rows : y.data(); };
    for (std::size_t first = 0; first < rows / vector * vector; first += block) {
        for (std::size_t c = 0; c < padded; ++c) at[c] = column(std::min(c, unknowns)) + first;
        add_products(kernel, at, std::min(block, rows / vector * vector - first), sums);
    }
    std::size_t const left = rows % vector, done = rows - left;
    if (left == 0) return;
    std::vector<double> tail((unknowns + 1) * vector);
    for (std::size_t c = 0; c <= unknowns; ++c)
        std::copy_n(column(c) + done, left, tail.begin() + static_cast<std::ptrdiff_t>(c * vector));
    for (std::size_t c = 0; c < padded; ++c) at[c] = tail.data() + std::min(c, unknowns) * vector;
    add_products(kernel, at, vector, sums);
}

}  // namespace detail

KVT_DECL void gram_system::add(gram_system const& other) {
    if (other.unknowns != unknowns) throw error{error_kind::usage, "gram system", "the unknowns differ in number"};
    for (std::size_t i = 0; i < products.size(); ++i) products[i] += other.products[i];
    for (std::size_t i = 0; i < with_y.size(); ++i) with_y[i] += other.with_y[i];
    y_squared += other.y_squared, rows += other.rows;
}

KVT_DECL gram_system gram_of(std::span<double const> columns, std::size_t unknowns, std::span<double const> y,
                             instruction_set set) {
    check_usable(set);
    if (columns.size() != unknowns * y.size())
        throw error{error_kind::usage, "gram system", "the columns do not match the values",
                    std::to_string(unknowns) + " columns of " + std::to_string(y.size()) + " rows"};
    constexpr std::size_t tile = detail::gram_tile;
    std::size_t const padded = (unknowns + tile) / tile * tile;  // y is one column more
    std::vector<double> sums(padded * padded);
    std::vector<double const*> at(padded);
    detail::product_sums(columns, unknowns, y, set, at, sums);
    gram_system out{.unknowns = unknowns, .rows = y.size()};
    out.products.resize(unknowns * unknowns), out.with_y.resize(unknowns);
    for (std::size_t a = 0; a < unknowns; ++a) {
        for (std::size_t b = a; b < unknowns; ++b)
            out.products[a * unknowns + b] = out.products[b * unknowns + a] = sums[a * padded + b];
        out.with_y[a] = sums[a * padded + unknowns];
    }
    out.y_squared = sums[unknowns * padded + unknowns];
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric
