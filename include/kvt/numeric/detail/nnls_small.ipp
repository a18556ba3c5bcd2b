// Definitions of numeric/nnls_small.hpp.
#pragma once

#include <kvt/numeric/nnls_small.hpp>

#include <Eigen/Core>
#include <Eigen/SVD>

namespace kvt::inline KVT_ABI::numeric::detail {

KVT_DECL column_rank rank_of_columns(double const* columns, std::size_t rows, std::size_t count) {
    Eigen::MatrixXd scaled = Eigen::Map<Eigen::MatrixXd const>{columns, static_cast<Eigen::Index>(rows),
                                                              static_cast<Eigen::Index>(count)};
    column_rank out;
    std::vector<bool> told(count, true);
    for (Eigen::Index c = 0; c < scaled.cols(); ++c) {
        double const length = scaled.col(c).stableNorm();
        if (length > 0) scaled.col(c) /= length;
        else told[static_cast<std::size_t>(c)] = false, ++out.zeros;
    }
    if (out.zeros < count) {
        Eigen::JacobiSVD<Eigen::MatrixXd> const svd{scaled, Eigen::ComputeFullV};
        auto const& values = svd.singularValues();
        for (Eigen::Index k = 0; k < values.size(); ++k) {
            if (values[k] > 1e-10 * values[0]) {
                ++out.rank;
                continue;
            }
            for (Eigen::Index c = 0; c < scaled.cols(); ++c)
                if (std::abs(svd.matrixV()(c, k)) > 1e-6) told[static_cast<std::size_t>(c)] = false;
        }
        if (out.rank == count) out.condition = values[0] / values[values.size() - 1];
    }
    for (std::size_t c = 0; c < count; ++c)
        if (!told[c]) out.untold.push_back(c);
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric::detail
