// What kernels ask of compiler and processor: vector instructions chosen at run time, loops written out.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/record.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// Set where the compiler can build one function for several x86-64 processors.
#if defined(__x86_64__) && defined(__GNUC__)
#define KVT_KERNELS_X86 1
#else
#define KVT_KERNELS_X86 0
#endif

/// Before a loop of a few turns, known when compiled: writes them out one after another.
#if defined(__clang__)
#define KVT_UNROLL _Pragma("clang loop unroll(full)")
#else
#define KVT_UNROLL _Pragma("GCC unroll 16")
#endif

namespace kvt::inline KVT_ABI {

/// `avx2` goes with FMA; `avx512` stands for its F, DQ, BW and VL parts, which came together. Kernels give the same
/// bits on all of them.
enum class instruction_set : std::uint8_t { portable, avx2, avx512 };
KVT_CHOICE(instruction_set, "portable", "avx2", "avx512");

/// The ones this processor has, slowest first; `portable` always.
[[nodiscard]] inline std::vector<instruction_set> usable_instruction_sets() {
    std::vector<instruction_set> sets{instruction_set::portable};
#if KVT_KERNELS_X86
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        sets.push_back(instruction_set::avx2);
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
            sets.push_back(instruction_set::avx512);
    }
#endif
    return sets;
}

/// The fastest of them.
[[nodiscard]] inline instruction_set best_instruction_set() {
    static instruction_set const best = usable_instruction_sets().back();
    return best;
}

/// Throws `error{usage}` where this processor, or this build, lacks the instruction set.
inline void check_usable(instruction_set set) {
    if (set > best_instruction_set())
        throw error{error_kind::usage, "kernels", "this processor has no " + std::string{name_of(set)}};
}

}  // namespace kvt::inline KVT_ABI
