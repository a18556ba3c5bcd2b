#pragma once

#include <kvt/core/error.hpp>
#include <kvt/model/kernels.hpp>

#include <kvt/model/detail/kernels_avx2.ipp>
#include <kvt/model/detail/kernels_avx512.ipp>
#include <kvt/model/detail/kernels_portable.ipp>

#include <algorithm>

namespace kvt::inline KVT_ABI::model {

KVT_DECL std::vector<instruction_set> usable_instruction_sets() {
    std::vector<instruction_set> sets{instruction_set::portable};
#if KVT_KERNELS_X86
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        sets.push_back(instruction_set::avx2);
        if (__builtin_cpu_supports("avx512f")) sets.push_back(instruction_set::avx512);
    }
#endif
    return sets;
}

KVT_DECL instruction_set best_instruction_set() {
    static instruction_set const best = usable_instruction_sets().back();
    return best;
}

KVT_DECL kernel_table const& kernels_of(instruction_set set) {
    auto const usable = usable_instruction_sets();
    if (std::find(usable.begin(), usable.end(), set) == usable.end())
        throw error{error_kind::usage, "kernels", "this processor has no " + std::string{name_of(set)}};
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512) return detail::avx512::table;
    if (set == instruction_set::avx2) return detail::avx2::table;
#endif
    return detail::portable::table;
}

}  // namespace kvt::inline KVT_ABI::model
