#pragma once

#include <kvt/scaling/layer_kernels.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

namespace kvt::inline KVT_ABI::scaling::detail {

/// e^x for the two widths of numbers: the integer part is rounded into the low bits of `magic`.
template <class Real> struct exponential_constants;
template <> struct exponential_constants<float> {
    using whole = std::int32_t;
    static constexpr float lowest = -87, highest = 88, magic = 0x1.8p23F, ln2_high = 0x1.62e43p-1F,
                           ln2_low = -0x1.05c61p-29F;
    static constexpr int shift = 23, degree = 7;
};
template <> struct exponential_constants<double> {
    using whole = std::int64_t;
    static constexpr double lowest = -708, highest = 709, magic = 0x1.8p52, ln2_high = 0x1.62e42fefap-1,
                            ln2_low = 0x1.cf79abc9e3b39p-40;
    static constexpr int shift = 52, degree = 13;
};

}  // namespace kvt::inline KVT_ABI::scaling::detail

#define KVT_LAYER_SET layers_portable
#define KVT_LAYER_BYTES 16
#define KVT_LAYER_TARGET
#define KVT_LAYER_OPERATION inline
#include <kvt/scaling/detail/layer_body.ipp>

#if KVT_KERNELS_X86
#define KVT_LAYER_SET layers_avx2
#define KVT_LAYER_BYTES 32
#define KVT_LAYER_TARGET __attribute__((target("avx2,fma")))
#define KVT_LAYER_OPERATION __attribute__((target("avx2,fma"), always_inline)) inline
#include <kvt/scaling/detail/layer_body.ipp>

#define KVT_LAYER_SET layers_avx512
#define KVT_LAYER_BYTES 64
#define KVT_LAYER_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define KVT_LAYER_OPERATION __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"), always_inline)) inline
#include <kvt/scaling/detail/layer_body.ipp>
#endif

namespace kvt::inline KVT_ABI::scaling {

template <class Real> layer_kernels<Real> const& layer_kernels_of(instruction_set set) {
    check_usable(set);
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512) return detail::layers_avx512::table<Real>;
    if (set == instruction_set::avx2) return detail::layers_avx2::table<Real>;
#endif
    return detail::layers_portable::table<Real>;
}

#if defined(KVT_SEPARATE_COMPILATION)
template layer_kernels<float> const& layer_kernels_of<float>(instruction_set);
template layer_kernels<double> const& layer_kernels_of<double>(instruction_set);
#endif

}  // namespace kvt::inline KVT_ABI::scaling
