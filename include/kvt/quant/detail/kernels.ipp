// The kernels of the processor at hand.
#pragma once

#include <kvt/quant/detail/kernel_parts.ipp>
#include <kvt/quant/detail/kernels_avx2.ipp>
#include <kvt/quant/detail/kernels_avx512.ipp>

namespace kvt::inline KVT_ABI::quant::detail {

[[nodiscard]] inline kernel_set const& kernels_for(instruction_set set) {
    static constexpr kernel_set plain{&portable::scan, &portable::code, &portable::code, &portable::pack,
                                      &portable::measure};
#if KVT_KERNELS_X86
    static constexpr kernel_set four{&avx2::scan, &avx2::code, &avx2::code, &avx2::pack, &avx2::measure};
    static constexpr kernel_set eight{&avx512::scan, &avx512::code, &avx512::code_only, &avx512::pack,
                                      &avx512::measure};
    if (set == instruction_set::avx512) return eight;
    if (set == instruction_set::avx2) return four;
#endif
    (void)set;
    return plain;
}

}  // namespace kvt::inline KVT_ABI::quant::detail
