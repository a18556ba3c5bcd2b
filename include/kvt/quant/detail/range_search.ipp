// Definitions of quant/range_search.hpp.
#pragma once

#include <kvt/quant/range_search.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline value_range shrunk(value_range r, int per_cent) {
    if (per_cent == 100) return r;
    double const middle = r.lo + r.width() / 2, half = r.width() / 2 * per_cent / 100;
    return {middle - half, middle + half};
}

/// The per cent with the least error, the first of equals.
inline int best_shrink(group_evaluator const& judge, std::size_t g, value_range r, std::vector<int> const& tried) {
    std::vector<value_range> ranges;
    for (int const p : tried) ranges.push_back(shrunk(r, p));
    auto const errors = judge.errors(g, ranges);
    auto const least = std::ranges::min_element(errors, {}, &group_error::squares);
    return tried[static_cast<std::size_t>(least - errors.begin())];
}

}  // namespace detail

KVT_DECL refined range_search::operator()(grouped_values const& tensor, std::span<value_range const> start) const {
    check();
    auto out = start_from(tensor, start);
    group_evaluator const judge{tensor, {evaluate, bins, sample}};
    std::vector<int> coarse, fine;
    for (int p = 100; p >= 5; p -= 5) coarse.push_back(p);
    std::vector<value_range> ranges;
    for (std::size_t g = 0; g < start.size(); ++g) {
        int const near = detail::best_shrink(judge, g, start[g], coarse);
        fine.clear();
        for (int p = std::min(100, near + 4); p >= near - 4; --p) fine.push_back(p);
        int const found = detail::best_shrink(judge, g, start[g], fine);
        std::array const both{start[g], detail::shrunk(start[g], found)};
        auto const errors = evaluate == evaluation::estimate ? judge.errors(g, both) : judge.exact(g, both);
        auto const taken = errors[1].squares < errors[0].squares ? 1U : 0U;
        ranges.push_back(both[taken]);
        out.mse_before.push_back(errors[0].mse());
        out.mse_after.push_back(errors[taken].mse());
    }
    settle(out, std::move(ranges), tensor.bits);
    if (!out.changed) out.note = "no narrower range has a smaller error";
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
