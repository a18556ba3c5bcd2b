// linear: a matrix product without bias, forward and backward.
#pragma once

#include <kvt/numeric/gemm.hpp>

#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// What a layer does with the place it writes to.
enum class writing : std::uint8_t { replace, add };

/// y = factor x W^T with x [rows x inputs], W [outputs x inputs], y [rows x outputs]. `Real` is float or double.
template <class Real> struct linear {
    std::size_t inputs, outputs;
    Real factor = 1;

    void forward(std::span<Real const> x, std::span<Real const> w, std::span<Real> y,
                 writing how = writing::replace) const {
        std::size_t const rows = x.size() / inputs;
        numeric::gemm(numeric::product<Real>{.rows = rows,
                                             .columns = outputs,
                                             .inner = inputs,
                                             .alpha = factor,
                                             .a = {x.data(), inputs},
                                             .b = {w.data(), inputs, numeric::layout::by_column},
                                             .beta = beta(how),
                                             .c = y.data(),
                                             .c_stride = outputs});
    }
    /// The gradient of x: d_x = factor d_y W.
    void backward_input(std::span<Real const> d_y, std::span<Real const> w, std::span<Real> d_x,
                        writing how = writing::replace) const {
        std::size_t const rows = d_y.size() / outputs;
        numeric::gemm(numeric::product<Real>{.rows = rows,
                                             .columns = inputs,
                                             .inner = outputs,
                                             .alpha = factor,
                                             .a = {d_y.data(), outputs},
                                             .b = {w.data(), inputs},
                                             .beta = beta(how),
                                             .c = d_x.data(),
                                             .c_stride = inputs});
    }
    /// Adds the gradient of W: d_w += factor d_y^T x.
    void backward_weight(std::span<Real const> d_y, std::span<Real const> x, std::span<Real> d_w) const {
        std::size_t const rows = x.size() / inputs;
        numeric::gemm(numeric::product<Real>{.rows = outputs,
                                             .columns = inputs,
                                             .inner = rows,
                                             .alpha = factor,
                                             .a = {d_y.data(), outputs, numeric::layout::by_column},
                                             .b = {x.data(), inputs},
                                             .beta = 1,
                                             .c = d_w.data(),
                                             .c_stride = inputs});
    }

  private:
    static Real beta(writing how) { return how == writing::add ? Real{1} : Real{0}; }
};

}  // namespace kvt::inline KVT_ABI::scaling
