// Non-negative least squares in up to five unknowns, from any number of rows, by one orthogonal pass.
#pragma once

#include <kvt/version.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Rows [x | y] of a least-squares problem in K unknowns, folded into the triangle R of X = QR and Qᵀy by Householder
/// reflections, 64 rows at a time: the condition number enters once, not squared as in normal equations, and rows need
/// not be kept. The result is a pure function of the rows in their order.
template <std::size_t K>
    requires(K >= 1 && K <= 5)
class row_triangle {
  public:
    using row = std::array<double, K + 1>;  ///< x_0 .. x_{K-1}, y

    void add(row const& next) {
        for (std::size_t c = 0; c <= K; ++c) block_[c][held_] = next[c];
        if (++held_ == rows_) fold();
    }

    /// R with Qᵀy as its last column and the length of what X does not reach at its end: upper triangular.
    [[nodiscard]] std::array<row, K + 1> triangle() const {
        row_triangle copy = *this;
        copy.fold();
        std::array<row, K + 1> out{};
        for (std::size_t r = 0; r <= K; ++r)
            for (std::size_t c = r; c <= K; ++c) out[r][c] = copy.block_[c][r];
        return out;
    }

  private:
    static constexpr std::size_t kept_ = K + 1, rows_ = kept_ + 64;

    /// Four running sums, so that the order of additions is the same with and without SIMD.
    static double dot(double const* a, double const* b, std::size_t from, std::size_t to) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        std::size_t i = from;
        for (; i + 4 <= to; i += 4) {
            s0 += a[i] * b[i], s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2], s3 += a[i + 3] * b[i + 3];
        }
        for (; i < to; ++i) s0 += a[i] * b[i];
        return (s0 + s1) + (s2 + s3);
    }

    void fold() {
        for (std::size_t k = 0; k <= K; ++k) {
            double* v = block_[k].data();
            double const below = dot(v, v, k + 1, held_);
            if (below == 0) continue;
            double const length = std::sqrt(v[k] * v[k] + below);
            double const alpha = v[k] > 0 ? -length : length, head = v[k] - alpha;
            double const scale = 2 / (head * head + below);
            for (std::size_t c = k + 1; c <= K; ++c) {
                double* x = block_[c].data();
                double const s = scale * (head * x[k] + dot(v, x, k + 1, held_));
                x[k] -= s * head;
                for (std::size_t i = k + 1; i < held_; ++i) x[i] -= s * v[i];
            }
            v[k] = alpha;
            for (std::size_t i = k + 1; i < held_; ++i) v[i] = 0;
        }
        held_ = kept_;
    }

    alignas(64) std::array<std::array<double, rows_>, K + 1> block_{};  // by column; its first K + 1 rows are the triangle
    std::size_t held_ = kept_;
};

/// The coefficients (zeros exact) and the length of the residual.
template <std::size_t K> struct small_nnls {
    std::array<double, K> x{};
    double residual = 0;
};

/// How well the columns of a design tell their coefficients apart.
struct column_rank {
    std::size_t rank = 0;               ///< singular values above 1e-10 of the largest, columns scaled to length 1
    std::size_t zeros = 0;              ///< columns of zeros
    std::optional<double> condition{};  ///< of the scaled columns; null below full rank
    std::vector<std::size_t> untold{};  ///< columns of zeros, and those that take part in a dependence
};

namespace detail {

/// Least squares over columns of a small triangle, by modified Gram-Schmidt done twice.
template <std::size_t K> struct small_selection {
    using vector = std::array<double, K + 1>;
    std::array<vector, K> q{};       ///< orthonormal columns
    std::array<vector, K> r{};       ///< r[j]: coefficients of column j over q
    std::array<std::size_t, K> column{};
    std::size_t count = 0;

    static double dot(vector const& a, vector const& b) {
        double s = 0;
        for (std::size_t i = 0; i <= K; ++i) s += a[i] * b[i];
        return s;
    }
    /// What is left of a vector across the selected columns; `along` collects its coefficients on their basis.
    [[nodiscard]] vector across(vector rest, vector& along) const {
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t j = 0; j < count; ++j) {
                double const s = dot(q[j], rest);
                along[j] += s;
                for (std::size_t i = 0; i <= K; ++i) rest[i] -= s * q[j][i];
            }
        return rest;
    }
    [[nodiscard]] vector across(vector const& x) const {
        vector along{};
        return across(x, along);
    }
    /// Selects one more column; false where its part across the others is below 1e-13 of it.
    bool add(std::size_t index, vector const& x) {
        vector coefficients{};
        auto const rest = across(x, coefficients);
        double const length = std::sqrt(dot(rest, rest));
        if (!(length >= 1e-13 * std::sqrt(dot(x, x))) || length == 0) return false;
        coefficients[count] = length;
        for (std::size_t i = 0; i <= K; ++i) q[count][i] = rest[i] / length;
        r[count] = coefficients, column[count] = index, ++count;
        return true;
    }
    /// The unrestricted fit; zero elsewhere.
    [[nodiscard]] std::array<double, K> solve(vector const& y) const {
        std::array<double, K> out{};
        vector c{};
        (void)across(y, c);
        for (std::size_t j = K; j-- > 0;) {
            if (j >= count) continue;
            double s = c[j];
            for (std::size_t l = j + 1; l < K && l < count; ++l) s -= r[l][j] * out[column[l]];
            out[column[j]] = s / r[j][j];
        }
        return out;
    }
};

template <std::size_t K> struct small_problem {
    using vector = std::array<double, K + 1>;
    std::array<vector, K> x{};
    vector y{};
    std::array<bool, K> selected{};

    [[nodiscard]] vector residual(std::array<double, K> const& b) const {
        vector out = y;
        for (std::size_t c = 0; c < K; ++c)
            for (std::size_t i = 0; i <= K; ++i) out[i] -= x[c][i] * b[c];
        return out;
    }
    /// Null where the selected columns depend on each other.
    [[nodiscard]] std::optional<small_selection<K>> basis() const {
        small_selection<K> chosen;
        for (std::size_t c = 0; c < K; ++c)
            if (selected[c] && !chosen.add(c, x[c])) return std::nullopt;
        return chosen;
    }
    [[nodiscard]] std::optional<std::array<double, K>> fit() const {
        auto const chosen = basis();
        return chosen ? std::optional{chosen->solve(y)} : std::nullopt;
    }
};

[[nodiscard]] column_rank rank_of_columns(double const* columns, std::size_t rows, std::size_t count);

}  // namespace detail

/// Minimises |Xb - y| over b >= 0. Where the columns are independent the minimiser is unique; where they are not, this
/// active-set path decides which one is meant: columns enter by the largest gradient (equal within 1e-10: the lowest
/// index), a column that depends on those chosen is passed over, and the step towards a trial fit ends at the first
/// coefficient that becomes 0. Columns of zeros have coefficient 0.
template <std::size_t K> [[nodiscard]] small_nnls<K> solve_small_nnls(row_triangle<K> const& rows) {
    using problem = detail::small_problem<K>;
    using chosen = detail::small_selection<K>;
    auto const triangle = rows.triangle();
    problem p;
    for (std::size_t r = 0; r <= K; ++r) {
        for (std::size_t c = 0; c < K; ++c) p.x[c][r] = triangle[r][c];
        p.y[r] = triangle[r][K];
    }
    double const y_length = std::sqrt(chosen::dot(p.y, p.y));
    std::array<double, K> b{};
    auto const enter = [&]() -> std::optional<std::array<double, K>> {  // steps 2 and 3: the next column and its trial
        auto const basis = p.basis();
        if (!basis) return std::nullopt;
        auto const rest = basis->across(p.y);
        std::array<double, K> gradient{};
        std::array<bool, K> candidate{};
        for (std::size_t c = 0; c < K; ++c) {
            if (p.selected[c]) continue;
            // The residual is across the selected columns, so only that part of a column counts; for nearly proportional
            // columns the rest would drown it.
            auto const part = basis->across(p.x[c]);
            double const length = std::sqrt(chosen::dot(part, part));
            gradient[c] = chosen::dot(part, rest);
            candidate[c] = length > 0 && gradient[c] > 1e-13 * length * y_length;
        }
        for (;;) {
            double top = 0;
            for (std::size_t c = 0; c < K; ++c)
                if (candidate[c] && gradient[c] > top) top = gradient[c];
            std::size_t next = K;
            for (std::size_t c = K; c-- > 0;)
                if (candidate[c] && gradient[c] >= top * (1 - 1e-10)) next = c;
            if (next == K) return std::nullopt;
            p.selected[next] = true;
            if (auto const trial = p.fit(); trial && (*trial)[next] > 0) return trial;
            p.selected[next] = candidate[next] = false;
        }
    };
    for (int rounds = 0; rounds < 64; ++rounds) {  // each lowers the residual; the bound guards against rounding
        auto trial = enter();
        if (!trial) break;
        for (;;) {  // step 4
            double fraction = 1;
            for (std::size_t c = 0; c < K; ++c)
                if (p.selected[c] && (*trial)[c] <= 0) fraction = std::min(fraction, b[c] / (b[c] - (*trial)[c]));
            bool inside = true;
            for (std::size_t c = 0; c < K; ++c) inside = inside && (!p.selected[c] || (*trial)[c] > 0);
            if (inside) break;
            for (std::size_t c = 0; c < K; ++c) {
                if (!p.selected[c]) continue;
                bool const leaves = (*trial)[c] <= 0 && b[c] / (b[c] - (*trial)[c]) <= fraction;
                b[c] += fraction * ((*trial)[c] - b[c]);
                if (leaves || b[c] <= 0) b[c] = 0, p.selected[c] = false;
            }
            trial = p.fit();
            if (!trial) break;
        }
        if (!trial) break;
        b = *trial;
    }
    auto const rest = p.residual(b);
    return {b, std::sqrt(chosen::dot(rest, rest))};
}

/// Rank and condition of the design's columns scaled to length 1.
template <std::size_t K> [[nodiscard]] column_rank rank_of(row_triangle<K> const& rows) {
    auto const triangle = rows.triangle();
    std::array<double, K * K> columns{};
    for (std::size_t c = 0; c < K; ++c)
        for (std::size_t r = 0; r < K; ++r) columns[c * K + r] = triangle[r][c];
    return detail::rank_of_columns(columns.data(), K, K);
}

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/nnls_small.ipp>
#endif
