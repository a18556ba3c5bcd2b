// The active-set path of Lawson and Hanson over the columns of a triangle, for any number of unknowns.
#pragma once

#include <kvt/numeric/nnls_fit.hpp>

#include <Eigen/Core>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric::detail {

/// An orthonormal basis of the chosen columns that follows when columns come and go.
struct column_basis {
    Eigen::MatrixXd const& x;
    Eigen::MatrixXd q, r;  ///< x[chosen] = q r
    std::vector<Eigen::Index> chosen{};

    KVT_LAZY explicit column_basis(Eigen::MatrixXd const& columns)
        : x{columns}, q{columns.rows(), columns.cols()}, r{Eigen::MatrixXd::Zero(columns.cols(), columns.cols())} {}

    [[nodiscard]] Eigen::Index count() const { return static_cast<Eigen::Index>(chosen.size()); }
    /// What is left of a vector across the chosen columns, projected twice; `along` collects its coefficients.
    KVT_LAZY [[nodiscard]] Eigen::VectorXd across(Eigen::VectorXd rest, Eigen::VectorXd& along) const {
        along = Eigen::VectorXd::Zero(count());
        for (int pass = 0; pass < 2; ++pass) {
            Eigen::VectorXd const part = q.leftCols(count()).transpose() * rest;
            along += part;
            rest.noalias() -= q.leftCols(count()) * part;
        }
        return rest;
    }
    /// False where the column's part across the others is below 1e-13 of it.
    KVT_LAZY bool add(Eigen::Index column) {
        Eigen::VectorXd along;
        Eigen::VectorXd const rest = across(x.col(column), along);
        double const length = rest.norm();
        if (!(length >= 1e-13 * x.col(column).norm()) || length == 0) return false;
        auto const at = count();
        q.col(at) = rest / length;
        r.col(at).setZero();
        r.col(at).head(at) = along;
        r(at, at) = length;
        chosen.push_back(column);
        return true;
    }
    void remove_last() { chosen.pop_back(); }
    /// Drops the columns that `leaves` names; those behind the first of them are added anew.
    template <class Leaves> void keep(Leaves const& leaves) {
        auto const all = chosen;
        std::size_t first = 0;
        while (first < all.size() && !leaves(all[first])) ++first;
        chosen.resize(first);
        for (std::size_t k = first; k < all.size(); ++k)
            if (!leaves(all[k])) (void)add(all[k]);
    }
    /// The unrestricted fit of the chosen columns; zero elsewhere.
    KVT_LAZY [[nodiscard]] Eigen::VectorXd solve(Eigen::VectorXd const& y) const {
        Eigen::VectorXd along;
        (void)across(y, along);
        Eigen::VectorXd const part = r.topLeftCorner(count(), count()).triangularView<Eigen::Upper>().solve(along);
        Eigen::VectorXd out = Eigen::VectorXd::Zero(x.cols());
        for (Eigen::Index k = 0; k < count(); ++k) out[chosen[static_cast<std::size_t>(k)]] = part[k];
        return out;
    }
};

/// How much each column would lower the residual, along its part across the chosen ones; 0 where it is no candidate. The
/// residual is across the chosen columns, so the plain product with a column says the same, but for columns nearly
/// proportional to chosen ones it drowns in rounding; where nothing stands out, the parts are computed.
KVT_LAZY inline Eigen::VectorXd gradients(column_basis const& basis, Eigen::VectorXd const& y,
                                          std::vector<char> const& in) {
    double const y_length = y.norm();
    Eigen::VectorXd along;
    Eigen::VectorXd const rest = basis.across(y, along);
    Eigen::VectorXd gradient = basis.x.transpose() * rest;
    Eigen::VectorXd length = basis.x.colwise().norm();
    auto const keep_above = [&](double share) {
        bool any = false;
        for (Eigen::Index c = 0; c < gradient.size(); ++c) {
            if (in[static_cast<std::size_t>(c)] || !(gradient[c] > share * length[c] * y_length)) gradient[c] = 0;
            any = any || gradient[c] > 0;
        }
        return any;
    };
    bool const first = basis.count() == 0;
    if (keep_above(first ? 1e-13 : 1e-8) || first) return gradient;
    for (Eigen::Index c = 0; c < gradient.size(); ++c) {
        if (in[static_cast<std::size_t>(c)]) continue;
        Eigen::VectorXd const part = basis.across(basis.x.col(c), along);
        gradient[c] = part.dot(rest);
        length[c] = part.norm();
    }
    (void)keep_above(1e-13);
    return gradient;
}

/// One step of the path: the column with the largest gradient whose coefficient becomes positive enters; false where none
/// does. Gradients equal within 1e-10 count as the lowest index's.
KVT_LAZY inline bool enter(column_basis& basis, Eigen::VectorXd const& y, std::vector<char>& in,
                           Eigen::VectorXd& trial) {
    Eigen::VectorXd gradient = gradients(basis, y, in);
    for (;;) {
        double const top = gradient.maxCoeff();
        if (!(top > 0)) return false;
        Eigen::Index next = 0;
        while (gradient[next] < top * (1 - 1e-10)) ++next;
        gradient[next] = 0;
        if (!basis.add(next)) continue;
        trial = basis.solve(y);
        if (trial[next] > 0) {
            in[static_cast<std::size_t>(next)] = 1;
            return true;
        }
        basis.remove_last();
    }
}

/// Minimises |Xb - y| over b >= 0 by the rule of `solve_small_nnls`, on the triangle of [X y].
KVT_LAZY inline nnls_fit solve_path(std::span<double const> columns, std::size_t unknowns,
                                    std::span<double const> values) {
    auto const rows = static_cast<Eigen::Index>(values.size()), n = static_cast<Eigen::Index>(unknowns);
    Eigen::MatrixXd all(rows, n + 1);
    all.leftCols(n) = Eigen::Map<Eigen::MatrixXd const>{columns.data(), rows, n};
    all.col(n) = Eigen::Map<Eigen::VectorXd const>{values.data(), rows};
    if (rows > n + 1) {
        Eigen::HouseholderQR<Eigen::MatrixXd> const factor{all};
        all = factor.matrixQR().topRows(n + 1).triangularView<Eigen::Upper>();
    }
    Eigen::MatrixXd const x = all.leftCols(n);
    Eigen::VectorXd const y = all.col(n);
    column_basis basis{x};
    std::vector<char> in(unknowns, 0);
    nnls_fit out{.verdict = nnls_verdict::unfinished};
    Eigen::VectorXd b = Eigen::VectorXd::Zero(n), trial;
    for (Eigen::Index round = 0; round < 3 * n + 50; ++round) {
        if (!enter(basis, y, in, trial)) {
            out.verdict = nnls_verdict::unique;
            break;
        }
        ++out.iterations;
        for (;;) {
            double fraction = 1;
            bool within = true;
            for (auto const c : basis.chosen)
                if (trial[c] <= 0) fraction = std::min(fraction, b[c] / (b[c] - trial[c])), within = false;
            if (within) break;
            for (auto const c : basis.chosen) {
                bool const leaves = trial[c] <= 0 && b[c] / (b[c] - trial[c]) <= fraction;
                b[c] += fraction * (trial[c] - b[c]);
                if (leaves || b[c] <= 0) b[c] = 0, in[static_cast<std::size_t>(c)] = 0;
            }
            basis.keep([&](Eigen::Index c) { return in[static_cast<std::size_t>(c)] == 0; });
            trial = basis.solve(y);
            ++out.iterations;
        }
        b = trial;
    }
    out.x.assign(b.data(), b.data() + b.size());
    Eigen::MatrixXd scaled = x;
    for (Eigen::Index c = 0; c < n; ++c)
        if (double const length = x.col(c).norm(); length > 0) scaled.col(c) /= length;
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> ranked;
    ranked.setThreshold(1e-10);
    out.rank = rows == 0 ? 0 : ranked.compute(scaled).rank();
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric::detail
