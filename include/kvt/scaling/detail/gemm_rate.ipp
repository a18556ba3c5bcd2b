#pragma once

#include <kvt/core/progress.hpp>
#include <kvt/numeric/gemm.hpp>
#include <kvt/scaling/gemm_rate.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL double gemm_rate(exec::executor_view executor, double seconds) {
    constexpr std::size_t n = 384;
    std::size_t const threads = executor.concurrency();
    line_vector<float> const a(n * n, 0.5F), b(n * n, 0.25F);
    std::vector<line_vector<float>> c(threads, line_vector<float>(n * n));
    double best = 0;
    double const end = monotonic_seconds() + seconds;
    do {
        double const begin = monotonic_seconds();
        executor.parallel_for(threads, [&](std::size_t i) {
            numeric::gemm(numeric::product<float>{.rows = n,
                                                  .columns = n,
                                                  .inner = n,
                                                  .a = {a.data(), n},
                                                  .b = {b.data(), n},
                                                  .c = c[i].data(),
                                                  .c_stride = n});
        });
        best = std::max(best, 2.0 * n * n * n * static_cast<double>(threads) / (monotonic_seconds() - begin));
    } while (monotonic_seconds() < end);
    return best;
}

}  // namespace kvt::inline KVT_ABI::scaling
