#pragma once

#include <kvt/quant/entropy.hpp>

#include <algorithm>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL double normalized_entropy(std::span<float const> values, std::int64_t bins) {
    if (bins < 2) throw quant_error{fault::invalid_group_size, std::to_string(bins) + " bins", "too few", "2 or more"};
    for (float const x : values)
        if (!std::isfinite(x)) throw quant_error{fault::non_finite_input, "entropy", "a value that is not finite"};
    if (values.empty()) return 0;
    auto const [least, greatest] = std::ranges::minmax(values);
    double const lo = least, width = static_cast<double>(greatest) - lo, last = static_cast<double>(bins - 1);
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
