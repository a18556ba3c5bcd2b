#pragma once

#include <kvt/core/format_number.hpp>

#include <charconv>
#include <cmath>

namespace kvt::inline KVT_ABI {

KVT_DECL std::string fixed(double value, int digits) {
    if (!std::isfinite(value)) return "N/A";
    char text[352];  // the largest double has 309 digits before the point
    auto const end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr;
    return {text, end};
}
KVT_DECL std::string fixed(std::optional<double> value, int digits) { return value ? fixed(*value, digits) : "N/A"; }

KVT_DECL std::string percent(double part, double total) {
    return total == 0 ? "N/A" : fixed(100 * part / total, 1) + "%";
}

}  // namespace kvt::inline KVT_ABI
