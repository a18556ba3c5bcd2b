// Definitions of quant/finite_difference_ranges.hpp.
#pragma once

#include <kvt/quant/finite_difference_ranges.hpp>

#include <algorithm>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL refined finite_difference_ranges::operator()(grouped_values const& tensor,
                                                      std::span<value_range const> start) const {
    check();
    auto out = start_from(tensor, start);
    if (std::ranges::any_of(start, [](value_range r) { return r.degenerate(); })) {
        out.note = "a group has one value: it has no width to change";
        return out;
    }
    std::vector<double> const values{tensor.values.begin(), tensor.values.end()};
    std::vector<double> scale, zero_point;
    for (auto const r : start) {
        scale.push_back(r.width() / 3);
        zero_point.push_back(r.lo + 2 * scale.back());
    }
    auto found = rule(values, scale, zero_point);
    out.sweeps = found.iterations;
    out.objective = std::move(found.loss_history);
    std::vector<value_range> ranges{start.begin(), start.end()};
    for (std::size_t g = 0; g < start.size(); ++g) {
        double const s = found.scale[g], z = found.zero_point[g];
        if (s != scale[g] || z != zero_point[g]) ranges[g] = {z - 2 * s, z + s};
    }
    settle(out, std::move(ranges), tensor.bits);
    if (!out.changed) out.note = "no step lowered the loss";
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
