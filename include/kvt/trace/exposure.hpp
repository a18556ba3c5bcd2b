// expose: the grid of a trace, and how many tokens each phase met there.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/trace/check.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// A checked trace on its grid. Segment j is [grid[j], grid[j+1]); a row covers the segments first[i] to last[i] - 1.
struct exposure {
    phases rows;
    std::vector<double> grid{};                  ///< all distinct times, rising
    std::vector<std::uint32_t> first{}, last{};  ///< a, b: places of a row's start and end in the grid
    std::vector<double> prefill_pressure{};      ///< f: chunk size times the prefills on a segment, tokens a step
    std::vector<double> decode_pressure{};       ///< d: the decodes on a segment, tokens a step
    std::vector<double> prefill{};               ///< h times the integral of f over a row, tokens; not corrected
    std::vector<double> decode{};                ///< B: h times the integral of d over a row, tokens

    [[nodiscard]] std::size_t segments() const { return prefill_pressure.size(); }
    [[nodiscard]] double length(std::size_t segment) const { return grid[segment + 1] - grid[segment]; }
};

/// One sort of the times, then sums from left to right. Throws `non_finite` where an exposure overflows.
[[nodiscard]] exposure expose_trace(phases rows);

/// The sums of `density[j]` times the length of segment j, from the left: entry j holds those before segment j. The
/// integral over a row is the difference of two entries.
[[nodiscard]] std::vector<double> integral_of(exposure const& trace, std::vector<double> const& density);

/// The stage between `check` and `estimate`.
struct expose {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "expose";
    [[nodiscard]] exposure operator()(run_context&, phases rows) const { return expose_trace(std::move(rows)); }
};

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/exposure.ipp>
#endif
