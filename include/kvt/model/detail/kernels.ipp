#pragma once

#include <kvt/model/kernels.hpp>

#include <kvt/model/detail/kernels_avx2.ipp>
#include <kvt/model/detail/kernels_avx512.ipp>
#include <kvt/model/detail/kernels_portable.ipp>

namespace kvt::inline KVT_ABI::model {

KVT_DECL kernel_table const& kernels_of(instruction_set set) {
    check_usable(set);
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512) return detail::avx512::table;
    if (set == instruction_set::avx2) return detail::avx2::table;
#endif
    return detail::portable::table;
}

}  // namespace kvt::inline KVT_ABI::model
