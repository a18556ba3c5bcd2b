// Colours of plots that stay apart for colour-blind readers, on white and on black.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <string>

namespace kvt::inline KVT_ABI::report {

/// The i-th of eight colours for things without an order (policies, engines), as "#rrggbb"; then from the start again.
/// The first six are from Okabe and Ito, "Color Universal Design" (2008), without its yellow, which white swallows.
[[nodiscard]] std::string categorical_colour(std::size_t i);

/// A colour for a place in an order (budgets, lengths): from 0, orange, over red and violet to 1, dark blue. Lightness
/// falls evenly, so the order survives grey print. Values outside 0..1 are clamped.
[[nodiscard]] std::string ordered_colour(double place);

/// Colours of quantities in heat maps: from 0, dark blue, over grey to 1, yellow; lightness rises evenly.
[[nodiscard]] std::string heat_colour(double place);

/// Relative luminance of "#rrggbb", 0 for black to 1 for white (WCAG 2.1).
[[nodiscard]] double luminance(std::string const& colour);

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/palette.ipp>
#endif
