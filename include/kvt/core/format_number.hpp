// Numbers as reports print them: a fixed number of digits after the point, N/A where there is none.
#pragma once

#include <kvt/version.hpp>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace kvt::inline KVT_ABI {

/// `value` with `digits` digits after the point (0..17), correctly rounded from its exact binary value, whatever the
/// locale; "N/A" where it is not finite. Accuracies and latencies take 3 digits, budgets 2, tokens 1.
[[nodiscard]] inline std::string fixed(double value, int digits) {
    if (!std::isfinite(value)) return "N/A";
    char text[352];  // the largest double has 309 digits before the point
    auto const end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr;
    return {text, end};
}
/// The same, "N/A" for null.
[[nodiscard]] inline std::string fixed(std::optional<double> value, int digits) {
    return value ? fixed(*value, digits) : "N/A";
}

/// A share as a percentage with one digit: `percent(1, 6)` is "16.7%"; "N/A" where `total` is 0.
[[nodiscard]] inline std::string percent(double part, double total) {
    return total == 0 ? "N/A" : fixed(100 * part / total, 1) + "%";
}

}  // namespace kvt::inline KVT_ABI
