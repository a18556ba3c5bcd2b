#pragma once

#include <kvt/core/error.hpp>
#include <kvt/numeric/gemm.hpp>

#include <kvt/numeric/detail/gemm_kernels.ipp>

#include <algorithm>
#include <cstring>
#include <string>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

template <class Real> void scale_rows(product<Real> const& p) {
    for (std::size_t i = 0; i < p.rows; ++i) {
        Real* const row = p.c + i * p.c_stride;
        if (p.beta == 0) std::fill_n(row, p.columns, Real{0});
        else
            for (std::size_t j = 0; j < p.columns; ++j) row[j] *= p.beta;
    }
}

template <class Real>
void run_gemm(product<Real> const& p, packed_operand<Real> const& b, [[maybe_unused]] instruction_set set) {
    if (p.inner > b.inner() || p.columns > b.columns())
        throw error{error_kind::usage, "gemm",
                    "the packed operand is " + std::to_string(b.inner()) + " x " + std::to_string(b.columns()),
                    "at least " + std::to_string(p.inner) + " x " + std::to_string(p.columns)};
    if (p.inner == 0 || (p.beta != 0 && p.beta != 1)) scale_rows(p);
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512) return gemm_avx512::run(p, b.data(), b.inner());
    if (set == instruction_set::avx2) return gemm_avx2::run(p, b.data(), b.inner());
#endif
    gemm_portable::run(p, b.data(), b.inner());
}

template <class Real> void pack_and_run(product<Real> const& p, instruction_set set) {
    thread_local packed_operand<Real> panels;
    panels.pack(p.b, p.inner, p.columns, set);
    run_gemm(p, panels, set);
}

template <class Real> void pack_panels(operand<Real> b, std::size_t inner, std::size_t columns, Real* to) {
    constexpr std::size_t width = packed_operand<Real>::width;
    for (std::size_t j = 0; j < columns; j += width, to += inner * width) {
        std::size_t const count = std::min(width, columns - j);
        if (count < width) std::fill_n(to, inner * width, Real{0});
        if (b.order == layout::by_column)
            for (std::size_t k = 0; k < inner; ++k)
                for (std::size_t c = 0; c < count; ++c) to[k * width + c] = b.data[(j + c) * b.stride + k];
        else if (count == width)
            for (std::size_t k = 0; k < inner; ++k)  // of a size known here, so that no function is called
                std::memcpy(to + k * width, b.data + k * b.stride + j, width * sizeof(Real));
        else
            for (std::size_t k = 0; k < inner; ++k) std::copy_n(b.data + k * b.stride + j, count, to + k * width);
    }
}

}  // namespace detail

template <class Real>
void packed_operand<Real>::pack(operand<Real> b, std::size_t inner, std::size_t columns, instruction_set set) {
    check_usable(set);
    inner_ = inner, columns_ = columns;
    std::size_t const size = (columns + width - 1) / width * width * inner;
    if (data_.size() < size) data_.resize(size);
    detail::pack_panels(b, inner, columns, data_.data());
}

KVT_DECL void gemm(product<float> const& p, instruction_set set) { detail::pack_and_run(p, set); }
KVT_DECL void gemm(product<double> const& p, instruction_set set) { detail::pack_and_run(p, set); }
KVT_DECL void gemm(product<float> const& p, packed_operand<float> const& b, instruction_set set) {
    check_usable(set);
    detail::run_gemm(p, b, set);
}
KVT_DECL void gemm(product<double> const& p, packed_operand<double> const& b, instruction_set set) {
    check_usable(set);
    detail::run_gemm(p, b, set);
}

#if defined(KVT_SEPARATE_COMPILATION)
template class packed_operand<float>;
template class packed_operand<double>;
#endif

}  // namespace kvt::inline KVT_ABI::numeric
