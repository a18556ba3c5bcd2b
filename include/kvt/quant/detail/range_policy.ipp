// Definitions of quant/range_policy.hpp.
#pragma once

#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/range_policy.hpp>
#include <kvt/quant/smoothness.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL refined start_from(grouped_values const& tensor, std::span<value_range const> start) {
    tensor.check();
    if (start.size() != tensor.groups())
        throw quant_error{fault::length_mismatch, "ranges",
                          std::to_string(start.size()) + " for " + std::to_string(tensor.groups()) + " groups",
                          "one a group"};
    refined out{.ranges = {start.begin(), start.end()}};
    out.headline_before = out.headline_after = headline{}(start, tensor.bits).score;
    out.bounded_before = out.bounded_after = bounded{}(start).score;
    return out;
}

KVT_DECL void settle(refined& result, std::vector<value_range> ranges, std::int32_t bits) {
    for (std::size_t g = 0; g < ranges.size(); ++g)
        result.changed = result.changed || ranges[g].lo != result.ranges[g].lo || ranges[g].hi != result.ranges[g].hi;
    result.ranges = std::move(ranges);
    result.headline_after = headline{}(result.ranges, bits).score;
    result.bounded_after = bounded{}(result.ranges).score;
    result.improved = result.bounded_after > result.bounded_before;
}

}  // namespace kvt::inline KVT_ABI::quant
