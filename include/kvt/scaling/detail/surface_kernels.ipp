// The kernels of the parametric fit for each instruction set. Sums have one order; where multiplications and additions are
// fused, last digits differ from one set to another.
#pragma once

#include <kvt/core/instruction_set.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kvt::inline KVT_ABI::scaling::detail {

/// Runs by column, in logarithms; what fills up the last eight weighs 0.
struct surface_columns {
    double const *log_n, *log_d, *log_l, *weight;
    std::size_t padded;  ///< a multiple of 8
};

struct surface_kernels {
    double (*value)(surface_columns const& of, double const* theta, double delta, double* gradient);
    void (*start_losses)(surface_columns const& of, double const* power_n, double const* power_d, double const* factors,
                         double delta, double* out);
    double (*weighted)(double const* values, double const* weights, std::size_t padded);
};

}  // namespace kvt::inline KVT_ABI::scaling::detail

#define KVT_SURFACE_TARGET
#define KVT_SURFACE_OPERATION __attribute__((always_inline)) inline
#define KVT_SURFACE_SET surface_portable
#include <kvt/scaling/detail/surface_body.ipp>
#undef KVT_SURFACE_SET
#undef KVT_SURFACE_TARGET
#undef KVT_SURFACE_OPERATION

#if KVT_KERNELS_X86

#define KVT_SURFACE_TARGET __attribute__((target("avx2,fma")))
#define KVT_SURFACE_OPERATION __attribute__((target("avx2,fma"), always_inline)) inline
#define KVT_SURFACE_SET surface_avx2
#include <kvt/scaling/detail/surface_body.ipp>
#undef KVT_SURFACE_SET
#undef KVT_SURFACE_TARGET
#undef KVT_SURFACE_OPERATION

#define KVT_SURFACE_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_SURFACE_OPERATION \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) inline
#define KVT_SURFACE_SET surface_avx512
#include <kvt/scaling/detail/surface_body.ipp>
#undef KVT_SURFACE_SET
#undef KVT_SURFACE_TARGET
#undef KVT_SURFACE_OPERATION

#endif

namespace kvt::inline KVT_ABI::scaling::detail {

inline surface_kernels surface_kernels_of(instruction_set set) {
    check_usable(set);
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512)
        return {surface_avx512::surface_value, surface_avx512::start_losses, surface_avx512::weighted};
    if (set == instruction_set::avx2)
        return {surface_avx2::surface_value, surface_avx2::start_losses, surface_avx2::weighted};
#endif
    return {surface_portable::surface_value, surface_portable::start_losses, surface_portable::weighted};
}

}  // namespace kvt::inline KVT_ABI::scaling::detail
