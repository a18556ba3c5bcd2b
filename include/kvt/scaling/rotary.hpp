// rotary: positions as rotations of pairs of channels, forward and backward.
#pragma once

#include <kvt/core/line_allocator.hpp>
#include <kvt/scaling/layer_kernels.hpp>

#include <cmath>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// Channel i of a head turns with channel i + head_dim / 2 by position * theta^(-2 i / head_dim). Angles are computed in
/// binary64 and kept for positions 0..positions() - 1.
template <class Real> class rotary {
  public:
    rotary(std::size_t head_dim, double theta) : half_{head_dim / 2}, theta_{theta} {}

    [[nodiscard]] std::size_t positions() const { return positions_; }
    /// Makes room for sequences of that length.
    void reach(std::size_t length) {
        if (length <= positions_) return;
        cosines_.resize(length * half_), sines_.resize(length * half_), back_.resize(length * half_);
        for (std::size_t t = positions_; t < length; ++t)
            for (std::size_t i = 0; i < half_; ++i) {
                double const angle =
                    static_cast<double>(t) * std::pow(theta_, -static_cast<double>(i) / static_cast<double>(half_));
                cosines_[t * half_ + i] = static_cast<Real>(std::cos(angle));
                sines_[t * half_ + i] = static_cast<Real>(std::sin(angle));
                back_[t * half_ + i] = -sines_[t * half_ + i];
            }
        positions_ = length;
    }

    /// Rotates the first `heads` heads of each of a sequence's rows; rows are `stride` apart, the first is position 0.
    void forward(std::span<Real> x, std::size_t stride, std::size_t heads) const { turn(x, stride, heads, sines_); }
    /// The gradient's way back: the opposite rotation.
    void backward(std::span<Real> d_x, std::size_t stride, std::size_t heads) const { turn(d_x, stride, heads, back_); }

  private:
    void turn(std::span<Real> x, std::size_t stride, std::size_t heads, line_vector<Real> const& sines) const {
        auto const& kernels = layer_kernels_of<Real>();
        for (std::size_t t = 0; t < x.size() / stride; ++t)
            kernels.rotate(x.data() + t * stride, heads, half_, cosines_.data() + t * half_, sines.data() + t * half_);
    }

    std::size_t half_, positions_ = 0;
    double theta_;
    line_vector<Real> cosines_{}, sines_{}, back_{};  // [position][half]
};

}  // namespace kvt::inline KVT_ABI::scaling
