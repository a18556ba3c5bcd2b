// Definitions of quant/group_histogram.hpp.
#pragma once

#include <kvt/quant/group_histogram.hpp>
#include <kvt/quant/value_scan.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// Count and moments about the bin's middle.
struct histogram_bin {
    double count = 0, sum = 0, squares = 0;
};

/// Runs of up to sixteen neighbours, a cache line, evenly spaced over the values: at most `most` of them (0: all, and
/// then `held` stays empty).
inline std::span<float const> sampled(std::span<float const> values, std::size_t most, std::vector<float>& held) {
    if (most == 0 || most >= values.size()) return values;
    auto const length = std::min<std::size_t>(16, most), runs = most / length;
    held.reserve(runs * length);
    for (std::size_t run = 0; run < runs; ++run) {
        auto const part = values.subspan((2 * run + 1) * values.size() / (2 * runs) - length / 2, length);
        held.insert(held.end(), part.begin(), part.end());
    }
    return held;
}

}  // namespace detail

KVT_DECL group_histogram::group_histogram(std::span<float const> values, std::int32_t bins, std::size_t sample) {
    if (values.empty()) throw quant_error{fault::empty_input, "histogram", "no values", "1 or more"};
    if (bins < 1)
        throw quant_error{fault::invalid_group_size, "histogram", std::to_string(bins) + " bins", "1 or more"};
    std::vector<float> held;
    auto const seen = detail::sampled(values, sample, held);
    auto const found = scan(seen);
    if (found.nan + found.infinite > 0)
        throw quant_error{fault::non_finite_input, "histogram", "a value is not finite", "finite values"};
    double const lo = found.range().lo, hi = found.range().hi;
    double const width = (hi - lo) / bins, per_unit = width > 0 ? 1 / width : 0;
    std::vector<detail::histogram_bin> filled(static_cast<std::size_t>(bins));
    auto const middle = [&](std::size_t b) { return lo + (static_cast<double>(b) + 0.5) * width; };
    for (double const x : seen) {
        auto const b = std::min(static_cast<std::size_t>((x - lo) * per_unit), filled.size() - 1);
        double const d = x - middle(b);
        filled[b].count += 1;
        filled[b].sum += d;
        filled[b].squares += d * d;
    }
    for (std::size_t b = 0; b < filled.size(); ++b) {
        auto const& bin = filled[b];
        if (bin.count == 0) continue;
        mean_.push_back(middle(b) + bin.sum / bin.count);
        count_.push_back(bin.count);
        within_ += std::max(0.0, bin.squares - bin.sum * bin.sum / bin.count);
    }
}

KVT_DECL std::vector<group_error> group_histogram::errors(std::span<value_range const> ranges,
                                                          std::int32_t bits) const {
    auto out = errors_of(mean_, count_, ranges, bits);
    for (auto& e : out) e.squares += within_;
    return out;
}

KVT_DECL gaussian group_histogram::moments() const {
    double count = 0, mean = 0, squares = within_;
    for (double const n : count_) count += n;
    for (std::size_t i = 0; i < mean_.size(); ++i) mean += count_[i] / count * mean_[i];
    for (std::size_t i = 0; i < mean_.size(); ++i) squares += count_[i] * (mean_[i] - mean) * (mean_[i] - mean);
    return {mean, std::sqrt(squares / count)};
}

}  // namespace kvt::inline KVT_ABI::quant
