#pragma once

#include <kvt/quant/entropy.hpp>
#include <kvt/quant/value_scan.hpp>

#include <algorithm>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL double normalized_entropy(std::span<float const> values, std::int64_t bins) {
    if (bins < 2) throw quant_error{fault::invalid_group_size, std::to_string(bins) + " bins", "too few", "2 or more"};
    if (values.empty()) return 0;
    auto const seen = scan(values);
    seen.check("entropy");
    double const lo = seen.range().lo, width = seen.range().width(), last = static_cast<double>(bins - 1);
    if (!(width > 0)) return 0;
    std::vector<double> counts(static_cast<std::size_t>(bins));
    for (float const x : values)
        counts[static_cast<std::size_t>(std::min(std::floor((x - lo) / width * static_cast<double>(bins)), last))] += 1;
    double sum = 0;
    for (double const count : counts)
        if (count > 0) {
            double const p = count / static_cast<double>(values.size());
            sum -= p * std::log2(p);
        }
    return sum / std::log2(static_cast<double>(bins));
}

}  // namespace kvt::inline KVT_ABI::quant
