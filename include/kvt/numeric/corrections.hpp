// Corrections of p-values for many tests at once.
#pragma once

#include <kvt/version.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Holm's step-down adjustment, in input order: bounds the chance of any false claim (Holm 1979).
[[nodiscard]] std::vector<double> holm(std::span<double const> p);

/// Benjamini and Hochberg's step-up adjustment, in input order: bounds the expected share of false claims (1995).
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<double const> p);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/corrections.ipp>
#endif
