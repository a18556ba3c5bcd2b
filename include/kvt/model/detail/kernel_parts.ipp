// What the kernels of every instruction set need.
#pragma once

#include <kvt/model/kernels.hpp>

#include <bit>
#include <cmath>
#include <limits>

#if defined(__FAST_MATH__)
#error "kvt: the kernels promise the same bits everywhere; compile without -ffast-math"
#endif

#if KVT_KERNELS_X86
#include <immintrin.h>
#endif
