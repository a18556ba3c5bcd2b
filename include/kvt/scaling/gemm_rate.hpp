// gemm_rate: how many floating-point operations a second matrix products reach here, for shares of it.
#pragma once

#include <kvt/exec/executor.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// Floating-point operations a second of single-precision products of 384 x 384 matrices, one a thread at the same time:
/// the best of a few tries, which take about `seconds` in all.
[[nodiscard]] double gemm_rate(exec::executor_view executor, double seconds = 0.2);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/gemm_rate.ipp>
#endif
