// Numbers as reports print them: a fixed number of digits after the point, N/A where there is none.
#pragma once

#include <kvt/version.hpp>

#include <optional>
#include <string>

namespace kvt::inline KVT_ABI {

/// `value` with `digits` digits after the point (0..17), correctly rounded from its exact binary value, whatever the
/// locale; "N/A" where it is not finite. Accuracies and latencies take 3 digits, budgets 2, tokens 1.
[[nodiscard]] std::string fixed(double value, int digits);
/// The same, "N/A" for null.
[[nodiscard]] std::string fixed(std::optional<double> value, int digits);

/// A share as a percentage with one digit: `percent(1, 6)` is "16.7%"; "N/A" where `total` is 0.
[[nodiscard]] std::string percent(double part, double total);

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/format_number.ipp>
#endif
