// Definitions of quant/pattern.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/quant/pattern.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// Boundary 0 or 1, but not the last one.
inline bool is_early(std::int64_t i, std::int64_t boundaries) { return i < 2 && i != boundaries - 1; }
inline bool is_late(std::int64_t i, std::int64_t boundaries) { return i >= boundaries - 2 && !is_early(i, boundaries); }

inline std::vector<pattern> patterns_of(std::span<violation const> found, std::int64_t boundaries, bool any_high) {
    if (found.empty()) return {pattern::none};
    auto const count = static_cast<std::int64_t>(found.size());
    auto const all = [&](auto where) {
        return boundaries >= 2 &&
               std::ranges::all_of(found, [&](violation const& v) { return where(v.boundary_idx, boundaries); });
    };
    std::vector<pattern> out;
    if (all(is_early)) out.push_back(pattern::early);
    if (all(is_late)) out.push_back(pattern::late);
    bool const uniform = boundaries >= 2 && count >= 2 && 4 * count >= 3 * boundaries;
    if (uniform) out.push_back(pattern::uniform);
    if (!uniform && count <= 3 && any_high) out.push_back(pattern::high_severity);
    if (out.empty()) out.push_back(pattern::scattered);
    return out;
}

inline std::string share_of(double jump) { return std::isfinite(jump) ? fixed(100 * jump, 1) + "%" : "inf%"; }

inline std::vector<std::string> pattern_lines(pattern_summary const& s) {
    if (s.boundaries.empty()) return {"none: no violations"};
    std::vector<std::string> out;
    auto const total = static_cast<double>(s.boundaries.size());
    auto const add = [&](severity which, std::int64_t count) {
        if (count > 0)
            out.push_back("severity_" + std::string{name_of(which)} + ": " + std::to_string(count) + "/" +
                          std::to_string(s.boundaries.size()) + " (" + percent(static_cast<double>(count), total) +
                          ")");
    };
    add(severity::high, s.counts.high);
    add(severity::medium, s.counts.medium);
    add(severity::low, s.counts.low);
    std::string listed;
    for (auto const i : s.boundaries) listed += (listed.empty() ? "" : ",") + std::to_string(i);
    out.push_back("boundaries: " + listed);
    for (auto const p : s.patterns) out.push_back("pattern: " + std::string{name_of(p)});
    out.push_back("scale_jumps: max=" + share_of(s.max_scale_jump) + " mean=" + share_of(s.mean_scale_jump));
    return out;
}

}  // namespace detail

KVT_DECL std::string_view cause_of(pattern p) {
    static constexpr std::array<std::string_view, 6> causes{
        "",
        "ranges move fast where the sequence begins",
        "ranges move fast where the sequence ends",
        "a coarse grid without calibration data: most neighbours differ",
        "the distribution of the data itself switches at a boundary",
        "no common cause"};
    return causes[static_cast<std::size_t>(p)];
}

KVT_DECL std::string_view remedy_of(pattern p) {
    static constexpr std::array<std::string_view, 6> remedies{
        "",
        "smooth the ranges (phase 2) with a wider window",
        "smooth the ranges (phase 2) with sigmoid weights",
        "optimize the ranges with the transition term (phase 3)",
        "smooth with cubic weights (phase 2), then optimize (phase 3)",
        "inspect layer by layer"};
    return remedies[static_cast<std::size_t>(p)];
}

KVT_DECL pattern_summary find_patterns(std::span<violation const> violations, std::int64_t boundaries) {
    pattern_summary out;
    for (auto const& v : violations) {
        ++(v.severity == severity::high     ? out.counts.high
           : v.severity == severity::medium ? out.counts.medium
                                            : out.counts.low);
        out.boundaries.push_back(v.boundary_idx);
        out.max_scale_jump = std::max(out.max_scale_jump, v.scale_jump);
        out.mean_scale_jump += v.scale_jump / static_cast<double>(violations.size());
    }
    out.patterns = detail::patterns_of(violations, boundaries, out.counts.high > 0);
    out.lines = detail::pattern_lines(out);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
