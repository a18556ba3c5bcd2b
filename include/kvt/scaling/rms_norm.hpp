// rms_norm: rows divided by their root mean square (Zhang, Sennrich 2019), forward and backward.
#pragma once

#include <kvt/scaling/layer_kernels.hpp>

#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// y = gain * x * scale with scale = 1 / sqrt(mean(x^2) + eps), row by row; x and y [rows x width], gain [width].
/// The scales [rows] are what the backward pass needs besides x.
template <class Real> struct rms_norm {
    std::size_t width;
    Real eps;

    void forward(std::span<Real const> x, std::span<Real const> gain, std::span<Real> y, std::span<Real> scales) const {
        layer_kernels_of<Real>().rms_norm(x.data(), gain.data(), x.size() / width, width, eps, y.data(), scales.data());
    }
    /// Adds to `d_x` and `d_gain`.
    void backward(std::span<Real const> d_y, std::span<Real const> x, std::span<Real const> gain,
                  std::span<Real const> scales, std::span<Real> d_x, std::span<Real> d_gain) const {
        layer_kernels_of<Real>().rms_norm_backward(d_y.data(), x.data(), gain.data(), scales.data(), x.size() / width,
                                                   width, d_x.data(), d_gain.data());
    }
};

}  // namespace kvt::inline KVT_ABI::scaling
