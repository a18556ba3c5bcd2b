#pragma once

#include <kvt/core/error.hpp>
#include <kvt/report/palette.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::report {

namespace detail {

struct rgb {
    std::uint8_t red, green, blue;
};

KVT_DECL std::string spell(rgb c) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string out = "#";
    for (std::uint8_t part : {c.red, c.green, c.blue}) out += hex[part >> 4], out += hex[part & 15];
    return out;
}

/// Reads "#rrggbb"; throws `error{usage}`. Nothing else ever reaches a plot script as a colour.
KVT_DECL rgb read_colour(std::string_view text) {
    std::array<unsigned, 6> digits{};
    bool good = text.size() == 7 && text[0] == '#';
    for (std::size_t i = 0; good && i < 6; ++i) {
        char const c = text[i + 1];
        good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        digits[i] = c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 32) - 'a') + 10;
    }
    if (!good) throw error{error_kind::usage, "colour", "\"" + std::string{text} + "\"", "#rrggbb"};
    auto const part = [&](std::size_t i) { return static_cast<std::uint8_t>(digits[i] * 16 + digits[i + 1]); };
    return {part(0), part(2), part(4)};
}

/// Between two colours, in sRGB.
KVT_DECL rgb blend(rgb a, rgb b, double t) {
    auto const mix = [t](std::uint8_t x, std::uint8_t y) {
        return static_cast<std::uint8_t>(std::lround(x + (y - x) * t));
    };
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

KVT_DECL rgb along(std::span<rgb const> stops, double place) {
    double const at =
        (std::isfinite(place) ? std::clamp(place, 0.0, 1.0) : 0.0) * static_cast<double>(stops.size() - 1);
    auto const low = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    return blend(stops[low], stops[low + 1], at - static_cast<double>(low));
}

}  // namespace detail

KVT_DECL std::string categorical_colour(std::size_t i) {
    static constexpr detail::rgb colours[] = {{0, 114, 178}, {213, 94, 0},   {0, 158, 115}, {204, 121, 167},
                                              {230, 159, 0}, {86, 180, 233}, {122, 92, 46}, {90, 98, 107}};
    return detail::spell(colours[i % std::size(colours)]);
}

KVT_DECL std::string ordered_colour(double place) {
    static constexpr detail::rgb stops[] = {
        {240, 144, 33}, {221, 92, 74}, {181, 50, 121}, {114, 28, 152}, {42, 18, 134}};
    return detail::spell(detail::along(stops, place));
}

KVT_DECL std::string heat_colour(double place) {
    static constexpr detail::rgb stops[] = {{0, 36, 84},     {34, 60, 110},   {70, 86, 112},   {102, 110, 118},
                                            {134, 136, 122}, {168, 162, 114}, {203, 190, 100}, {240, 220, 80}};
    return detail::spell(detail::along(stops, place));
}

KVT_DECL double luminance(std::string const& colour) {
    auto const c = detail::read_colour(colour);
    auto const linear = [](std::uint8_t part) {
        double const v = part / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
}

}  // namespace kvt::inline KVT_ABI::report
