// Non-negative least squares from normal equations, for tall problems and for sums over parts of one.
#pragma once

#include <kvt/numeric/gram.hpp>
#include <kvt/numeric/nnls_fit.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::numeric {

/// The minimiser of a system formed elsewhere, in time independent of its rows; null where the normal equations cannot
/// tell it: the columns are nearly dependent, one of them is zero, or a number is too large or too small to be squared.
/// Then `nnls` needs the rows. The residual comes from yᵀy - xᵀXᵀy and loses digits where the fit is nearly perfect.
KVT_LAZY [[nodiscard]] std::optional<nnls_fit> solve_gram(gram_system const& system);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/nnls_gram.ipp>
#endif
