// Random sequences of ranges for the tests of kvt/quant, and the fault of a refusal.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/quant/affine.hpp>

#include <cmath>
#include <optional>
#include <vector>

namespace sequences {

/// Ranges around a wandering centre, widths over about a decade, all wider than 0.
inline std::vector<kvt::quant::value_range> some_ranges(kvt::random_stream& stream, std::uint64_t groups) {
    std::vector<kvt::quant::value_range> out;
    double const wander = std::exp(4 * stream.unit() - 3), spread = std::exp(3 * stream.unit() - 2);
    for (std::uint64_t g = 0; g < groups; ++g) {
        double const centre = wander * (2 * stream.unit() - 1), half = std::exp(spread * (2 * stream.unit() - 1));
        out.push_back({centre - half, centre + half});
    }
    return out;
}

/// Which fault `f` throws.
template <class F> std::optional<kvt::quant::fault> refusal(F&& f) {
    try {
        f();
    } catch (kvt::quant::quant_error const& e) {
        return e.code();
    }
    return std::nullopt;
}

}  // namespace sequences
