// The inverse of a matrix of a few rows.
#pragma once

#include <kvt/version.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

namespace kvt::inline KVT_ABI::numeric {

template <std::size_t K> using small_matrix = std::array<std::array<double, K>, K>;

/// By Gauss-Jordan elimination with row pivoting; null where a pivot is below `least` of the matrix's largest entry.
template <std::size_t K> [[nodiscard]] std::optional<small_matrix<K>> inverse(small_matrix<K> m, double least = 1e-10) {
    small_matrix<K> out{};
    double largest = 0;
    for (std::size_t r = 0; r < K; ++r) {
        out[r][r] = 1;
        for (double const x : m[r]) largest = std::fmax(largest, std::abs(x));
    }
    for (std::size_t c = 0; c < K; ++c) {
        std::size_t pivot = c;
        for (std::size_t r = c + 1; r < K; ++r)
            if (std::abs(m[r][c]) > std::abs(m[pivot][c])) pivot = r;
        if (!(std::abs(m[pivot][c]) > least * largest)) return std::nullopt;
        std::swap(m[c], m[pivot]), std::swap(out[c], out[pivot]);
        double const scale = 1 / m[c][c];
        for (double& x : m[c]) x *= scale;
        for (double& x : out[c]) x *= scale;
        for (std::size_t r = 0; r < K; ++r) {
            double const share = m[r][c];
            if (r == c || share == 0) continue;
            for (std::size_t k = 0; k < K; ++k) m[r][k] -= share * m[c][k], out[r][k] -= share * out[c][k];
        }
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric
