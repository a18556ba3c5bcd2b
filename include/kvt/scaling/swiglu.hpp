// swiglu: a gated activation, forward and backward.
#pragma once

#include <kvt/scaling/layer_kernels.hpp>

#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// out = silu(gate) * up, element by element, with silu(y) = y / (1 + e^-y).
template <class Real> struct swiglu {
    void forward(std::span<Real const> gate, std::span<Real const> up, std::span<Real> out) const {
        layer_kernels_of<Real>().swiglu(gate.data(), up.data(), gate.size(), out.data());
    }
    /// Replaces gate and up by their gradients.
    void backward(std::span<Real const> d_out, std::span<Real> gate, std::span<Real> up) const {
        layer_kernels_of<Real>().swiglu_backward(d_out.data(), d_out.size(), gate.data(), up.data());
    }
};

}  // namespace kvt::inline KVT_ABI::scaling
