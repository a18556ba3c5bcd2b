// The kernels of the processor at hand.
#pragma once

#include <kvt/quant/detail/kernel_parts.ipp>
#include <kvt/quant/detail/kernels_avx2.ipp>
#include <kvt/quant/detail/kernels_avx512.ipp>

namespace kvt::inline KVT_ABI::quant::detail {

[[nodiscard]] inline kernel_set const& kernels_for(instruction_set set) {
    static constexpr kernel_set plain{
        .scan = &portable::scan,
        .code = &portable::code,
        .code_only = &portable::code,
        .pack = &portable::pack,
        .unpack = &portable::unpack,
        .decode_wide = &portable::decode<double>,
        .decode_narrow = &portable::decode<float>,
        .measure = &portable::measure,
        .judge = &portable::judge,
        .weigh = &portable::weigh,
    };
#if KVT_KERNELS_X86
    static constexpr kernel_set four{
        .scan = &avx2::scan,
        .code = &avx2::code,
        .code_only = &avx2::code,
        .pack = &avx2::pack,
        .unpack = &avx2::unpack,
        .decode_wide = &avx2::decode_wide,
        .decode_narrow = &avx2::decode_narrow,
        .measure = &avx2::measure,
        .judge = &avx2::judge,
        .weigh = &avx2::weigh,
    };
    static constexpr kernel_set eight{
        .scan = &avx512::scan,
        .code = &avx512::code,
        .code_only = &avx512::code_only,
        .pack = &avx512::pack,
        .unpack = &avx512::unpack,
        .decode_wide = &avx512::decode_wide,
        .decode_narrow = &avx512::decode_narrow,
        .measure = &avx512::measure,
        .judge = &avx512::judge,
        .weigh = &avx2::weigh,  // there is none without FMA
    };
    if (set == instruction_set::avx512) return eight;
    if (set == instruction_set::avx2) return four;
#endif
    (void)set;
    return plain;
}

}  // namespace kvt::inline KVT_ABI::quant::detail
