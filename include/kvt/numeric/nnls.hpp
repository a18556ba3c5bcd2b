// Non-negative least squares of any dense problem.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/numeric/nnls_fit.hpp>

#include <cstddef>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

/// Minimises |Xx - y| over x >= 0, X dense with `unknowns` columns of y.size() rows, one after another in `columns`.
///
/// One pass forms the normal equations. Where these are well conditioned (columns scaled to length 1, reciprocal
/// condition above 1e-5, so that 10 digits are right), up to 4 unknowns are solved by trying supports, more by exchanging
/// whole blocks of coefficients (Portugal, Júdice and Vicente 1994, with single exchanges where blocks do not help);
/// otherwise from a QR triangle by the path of Lawson and Hanson. Exact powers of two keep extreme magnitudes apart.
///
/// No unknowns: the residual is |y|. No rows or columns of zeros: their coefficients are 0 and the verdict `dependent`.
/// Throws `error{usage}` where the sizes do not fit or a number is not finite.
KVT_LAZY [[nodiscard]] nnls_fit nnls(std::span<double const> columns, std::size_t unknowns, std::span<double const> y,
                                     instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/nnls.ipp>
#endif
