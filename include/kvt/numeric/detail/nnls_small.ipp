// Definitions of numeric/nnls_small.hpp.
#pragma once

#include <kvt/numeric/nnls_small.hpp>

namespace kvt::inline KVT_ABI::numeric::detail {

/// Singular values and right singular vectors of a few columns, by rotating pairs of them until all are orthogonal
/// (one-sided Jacobi; Demmel and Veselić 1992): small singular values keep their relative accuracy.
struct few_columns {
    std::vector<double> a, v;  ///< by column; v starts as the identity
    std::size_t rows, count;

    few_columns(double const* columns, std::size_t r, std::size_t n)
        : a(columns, columns + r * n), v(n * n, 0.0), rows{r}, count{n} {
        for (std::size_t c = 0; c < n; ++c) v[c * n + c] = 1;
    }
    [[nodiscard]] double length(std::size_t c) const {
        double out = 0;  // hypot, because squares of huge or tiny entries leave the range of doubles
        for (std::size_t i = 0; i < rows; ++i) out = std::hypot(out, a[c * rows + i]);
        return out;
    }
    void scale_to_one() {
        for (std::size_t c = 0; c < count; ++c)
            if (double const l = length(c); l > 0)
                for (std::size_t i = 0; i < rows; ++i) a[c * rows + i] /= l;
    }
    /// False where the two are orthogonal already.
    bool rotate(std::size_t p, std::size_t q) {
        double pp = 0, qq = 0, pq = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            double const x = a[p * rows + i], y = a[q * rows + i];
            pp += x * x, qq += y * y, pq += x * y;
        }
        if (std::abs(pq) <= 1e-16 * std::sqrt(pp * qq)) return false;
        double const half = (qq - pp) / (2 * pq);
        double const t = (half >= 0 ? 1.0 : -1.0) / (std::abs(half) + std::hypot(1.0, half));
        double const cosine = 1 / std::hypot(1.0, t), sine = cosine * t;
        auto const turn = [&](std::vector<double>& m, std::size_t stride) {
            for (std::size_t i = 0; i < stride; ++i) {
                double const x = m[p * stride + i], y = m[q * stride + i];
                m[p * stride + i] = cosine * x - sine * y;
                m[q * stride + i] = sine * x + cosine * y;
            }
        };
        turn(a, rows), turn(v, count);
        return true;
    }
    void decompose() {
        bool turned = true;
        for (int sweep = 0; turned && sweep < 40; ++sweep) {  // 4 columns take about 6
            turned = false;
            for (std::size_t p = 0; p < count; ++p)
                for (std::size_t q = p + 1; q < count; ++q) turned = rotate(p, q) || turned;
        }
    }
};

KVT_DECL column_rank rank_of_columns(double const* columns, std::size_t rows, std::size_t count) {
    few_columns m{columns, rows, count};
    column_rank out;
    std::vector<bool> told(count, true);
    for (std::size_t c = 0; c < count; ++c)
        if (m.length(c) == 0) told[c] = false, ++out.zeros;
    m.scale_to_one();
    m.decompose();
    std::vector<double> values(count);
    for (std::size_t c = 0; c < count; ++c) values[c] = m.length(c);
    double const largest = *std::max_element(values.begin(), values.end());
    for (std::size_t k = 0; k < count; ++k) {
        if (largest > 0 && values[k] > 1e-10 * largest) {
            ++out.rank;
            continue;
        }
        for (std::size_t c = 0; c < count; ++c)
            if (std::abs(m.v[k * count + c]) > 1e-6) told[c] = false;
    }
    if (out.rank == count) out.condition = largest / *std::min_element(values.begin(), values.end());
    for (std::size_t c = 0; c < count; ++c)
        if (!told[c]) out.untold.push_back(c);
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric::detail
