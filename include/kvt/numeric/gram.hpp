// Normal equations of a least-squares problem, in one pass over its rows.
#pragma once

#include <kvt/core/instruction_set.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// XᵀX, Xᵀy and yᵀy of a design X with `unknowns` columns: all that least squares needs of any number of rows, where the
/// columns are not nearly dependent (their condition number enters squared). Systems of parts of the rows add up.
struct gram_system {
    std::size_t unknowns = 0, rows = 0;
    std::vector<double> products{};  ///< [unknowns x unknowns], symmetric
    std::vector<double> with_y{};    ///< [unknowns]
    double y_squared = 0;

    [[nodiscard]] double product(std::size_t a, std::size_t b) const { return products[a * unknowns + b]; }

    /// Adds the rows of another system. Throws `error{usage}` where the unknowns differ.
    void add(gram_system const& other);
};

/// The system of `columns` ([unknowns] columns of y.size() rows, one after another) and `y`. Rows are taken 512 at a
/// time, so that long sums keep their digits; the same bits on every instruction set. Throws `error{usage}` where the
/// sizes do not fit.
[[nodiscard]] gram_system gram_of(std::span<double const> columns, std::size_t unknowns, std::span<double const> y,
                                  instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/gram.ipp>
#endif
