// Non-negative least squares for many small problems of one shape.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/core/record.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Problems laid one after another: problem p has its columns at `columns[p·rows·unknowns]` (column by column) and its
/// values at `y[p·rows]`; its coefficients go to `x[p·unknowns]` and its residual's length to `residuals[p]`.
struct nnls_problems {
    std::size_t rows = 0, unknowns = 0;
    std::span<double const> columns{}, y{};
    std::span<double> x{}, residuals{};

    [[nodiscard]] std::size_t count() const { return residuals.size(); }
    /// Problems first..first+n-1.
    [[nodiscard]] nnls_problems part(std::size_t first, std::size_t n) const {
        return {rows,
                unknowns,
                columns.subspan(first * rows * unknowns, n * rows * unknowns),
                y.subspan(first * rows, n * rows),
                x.subspan(first * unknowns, n * unknowns),
                residuals.subspan(first, n)};
    }
};

/// How many of the problems needed more than the closed form, and how many have dependent columns (see `nnls_verdict`).
struct nnls_batch_summary {
    std::int64_t from_triangle = 0, dependent = 0, unfinished = 0;
    friend bool operator==(nnls_batch_summary const&, nnls_batch_summary const&) = default;
};
KVT_RECORD(nnls_batch_summary, from_triangle, dependent, unfinished);

/// Throws `error{usage}` where the sizes do not fit.
void check_sizes(nnls_problems const& problems);

/// Solves them one after another, each as `nnls` would. Throws `error{usage}` where the sizes do not fit or a number is
/// not finite; then what was solved before stays.
KVT_LAZY nnls_batch_summary nnls_batch(nnls_problems const& problems, instruction_set set = best_instruction_set());

/// The same with turns run by `executor`; the results do not depend on it.
template <class Executor>
    requires requires(Executor const& e, void (*f)(std::size_t)) { e.parallel_for(std::size_t{}, f); }
nnls_batch_summary nnls_batch(nnls_problems const& problems, Executor const& executor) {
    constexpr std::size_t piece = 256;
    check_sizes(problems);
    std::vector<nnls_batch_summary> parts((problems.count() + piece - 1) / piece);
    executor.parallel_for(parts.size(), [&](std::size_t i) {
        parts[i] = nnls_batch(problems.part(i * piece, std::min(piece, problems.count() - i * piece)));
    });
    nnls_batch_summary out;
    for (auto const& p : parts)
        out.from_triangle += p.from_triangle, out.dependent += p.dependent, out.unfinished += p.unfinished;
    return out;
}

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/nnls_batch.ipp>
#endif
