#pragma once

#include <kvt/quant/detail/kernels.ipp>
#include <kvt/quant/value_scan.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

/// Value by value, where some are not finite.
[[nodiscard]] inline value_scan careful_scan(std::span<float const> values) {
    value_scan out{.count = static_cast<std::int64_t>(values.size())};
    for (float const x : values) {
        if (std::isnan(x)) ++out.nan;
        else if (std::isinf(x)) ++out.infinite;
        else out.least = std::min(out.least, x), out.greatest = std::max(out.greatest, x);
    }
    return out;
}

}  // namespace detail

KVT_DECL value_scan& value_scan::operator+=(value_scan const& other) {
    least = std::min(least, other.least), greatest = std::max(greatest, other.greatest);
    count += other.count, nan += other.nan, infinite += other.infinite;
    return *this;
}

KVT_DECL void value_scan::check(std::string_view where) const {
    if (nan > 0 || infinite > 0)
        throw quant_error{fault::non_finite_input, std::string{where},
                          std::to_string(nan) + " NaN and " + std::to_string(infinite) + " infinite of " +
                              std::to_string(count) + " values",
                          "finite numbers"};
    if (count == 0) throw quant_error{fault::empty_input, std::string{where}, "no values"};
}

KVT_DECL value_scan scan(std::span<float const> values, instruction_set set) {
    constexpr std::size_t piece = 1 << 16;
    auto const kernel = detail::kernels_for(set).scan;
    value_scan out;
    for (std::size_t at = 0; at < values.size(); at += piece) {
        auto const part = values.subspan(at, std::min(piece, values.size() - at));
        auto const found = kernel(part.data(), part.size());
        if (found.top >= detail::infinity_bits) out += detail::careful_scan(part);
        else out += {.least = found.least, .greatest = found.greatest, .count = static_cast<std::int64_t>(part.size())};
    }
    out.least += 0.0F, out.greatest += 0.0F;  // one zero
    return out;
}

KVT_DECL std::size_t first_not_finite(std::span<float const> values) {
    auto const seen = scan(values);
    if (seen.nan + seen.infinite == 0) return values.size();
    return static_cast<std::size_t>(std::ranges::find_if_not(values, [](float x) { return std::isfinite(x); }) -
                                    values.begin());
}

KVT_DECL std::vector<value_range> column_ranges(std::span<float const> rows, std::size_t columns) {
    value_scan const none;
    std::vector<float> least(columns, none.least), greatest(columns, none.greatest);
    for (; rows.size() >= columns && columns > 0; rows = rows.subspan(columns))
        for (std::size_t c = 0; c < columns; ++c) {
            least[c] = rows[c] < least[c] ? rows[c] : least[c];
            greatest[c] = rows[c] > greatest[c] ? rows[c] : greatest[c];
        }
    std::vector<value_range> out;
    for (std::size_t c = 0; c < columns; ++c)
        out.push_back({static_cast<double>(least[c] + 0.0F), static_cast<double>(greatest[c] + 0.0F)});
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
