// Definitions of quant/kernel_smoothing.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/kernel_smoothing.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// Both ends moved by the share `t` of the way.
inline value_range moved(value_range from, value_range to, double t) {
    if (t == 0) return from;
    return {from.lo + t * (to.lo - from.lo), from.hi + t * (to.hi - from.hi)};
}

inline std::vector<value_range> smoothed(std::span<value_range const> start, kernel_smoothing const& p) {
    std::vector<double> lo, hi;
    for (auto const r : start) {
        lo.push_back(r.lo);
        hi.push_back(r.hi);
    }
    lo = kernel_means(lo, p.method, p.window, p.neighbours);
    hi = kernel_means(hi, p.method, p.window, p.neighbours);
    std::vector<value_range> out;
    // Rounding may turn the ends of a group around that is one value wide.
    for (std::size_t g = 0; g < start.size(); ++g) out.push_back({lo[g], std::max(lo[g], hi[g])});
    return out;
}

/// The range that still holds the one it started with and is wider by the budget at most.
inline value_range covering(value_range from, value_range to, double budget) {
    value_range const wide{std::min(from.lo, to.lo), std::max(from.hi, to.hi)};
    double const cap = (1 + budget) * from.width();
    if (!(wide.width() > cap)) return wide;
    return moved(from, wide, (cap - from.width()) / (wide.width() - from.width()));
}

inline constexpr std::array<double, 5> blend_steps{1, 0.75, 0.5, 0.25, 0};

/// The largest blend within the budget, first by what the evaluator judges, then, where that is a histogram to be
/// checked, by the values.
inline double largest_blend(group_evaluator const& judge, std::size_t g, value_range from, value_range to,
                            double budget, evaluation how, refined& out) {
    std::vector<value_range> tried;
    for (double const t : blend_steps) tried.push_back(moved(from, to, t));
    auto const most = [&](double before) { return (1 + budget) * before; };
    auto const errors = judge.errors(g, tried);
    double before = errors.back().mse();
    std::size_t pick = 0;
    while (pick + 1 < tried.size() && !(errors[pick].mse() <= most(before))) ++pick;
    double after = errors[pick].mse();
    for (; how == evaluation::histogram; ++pick) {
        auto const checked = judge.exact(g, std::array{tried[pick], tried.back()});
        before = checked[1].mse();
        after = checked[0].mse();
        if (pick + 1 == tried.size() || after <= most(before)) break;
    }
    out.mse_before.push_back(before);
    out.mse_after.push_back(after);
    return blend_steps[pick];
}

}  // namespace detail

KVT_DECL std::vector<double> kernel_means(std::span<double const> x, interpolation method, std::int64_t window,
                                          kernel_side neighbours) {
    check_window(window);
    std::vector<double> out;
    double const whole = weight_at(method, 1);
    auto const groups = std::ssize(x);
    for (std::int64_t g = 0; g < groups; ++g) {
        double const here = x[static_cast<std::size_t>(g)];
        double moves = 0, weights = whole;
        for (std::int64_t k = 1; k <= window; ++k) {
            double const weight = weight_at(method, 1 - static_cast<double>(k) / static_cast<double>(window + 1));
            double both = 0;
            if (g >= k) both += x[static_cast<std::size_t>(g - k)] - here, weights += weight;
            if (neighbours == kernel_side::both && g + k < groups)
                both += x[static_cast<std::size_t>(g + k)] - here, weights += weight;
            moves += weight * both;
        }
        out.push_back(here + moves / weights);
    }
    return out;
}

KVT_DECL void kernel_smoothing::check() const {
    check_window(window);
    if (budget && (!(*budget >= 0) || !std::isfinite(*budget)))
        throw quant_error{fault::invalid_weight, "smoothing budget", shortest(*budget), "a finite share, 0 or more"};
    evaluation_options{evaluate, bins, sample}.check();
}

KVT_DECL refined kernel_smoothing::operator()(grouped_values const& tensor, std::span<value_range const> start) const {
    check();
    auto out = start_from(tensor, start);
    auto ranges = detail::smoothed(start, *this);
    if (guard == smoothing_guard::cover) {
        for (std::size_t g = 0; g < ranges.size(); ++g)
            ranges[g] = detail::covering(start[g], ranges[g], budget.value_or(0.25));
    } else if (guard == smoothing_guard::mse) {
        group_evaluator const judge{tensor, {evaluate, bins, sample}};
        for (std::size_t g = 0; g < ranges.size(); ++g) {
            out.blends.push_back(
                detail::largest_blend(judge, g, start[g], ranges[g], budget.value_or(0.01), evaluate, out));
            ranges[g] = detail::moved(start[g], ranges[g], out.blends[g]);
        }
    }
    settle(out, std::move(ranges), tensor.bits);
    if (out.improved) return out;
    if (neighbours == kernel_side::past && out.changed) {
        out.note = "the bounded score did not rise, and what is quantized already cannot be taken back";
        return out;
    }
    out.note = out.changed ? "smoothing would not raise the bounded score"
                           : "the guard, or equal ranges, left nothing to smooth";
    settle(out, {start.begin(), start.end()}, tensor.bits);
    out.changed = false;
    std::ranges::fill(out.blends, 0.0);
    out.mse_after = out.mse_before;
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
