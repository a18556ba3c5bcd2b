// Two order statistics of many values without sorting them all.
#pragma once

#include <kvt/version.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

/// The value at position `k` in the order `before`. A sample guesses a value a little behind it; what lies before the
/// guess is few, found in one pass without branches. Where the guess was wrong, everything is partitioned.
template <class Before> double selected(std::span<double> values, std::size_t k, Before before) {
    constexpr std::size_t sample_size = 256;
    if (values.size() >= 8 * sample_size && k < values.size() / 4) {
        std::array<double, sample_size> sample;
        for (std::size_t i = 0; i < sample_size; ++i) sample[i] = values[i * (values.size() / sample_size)];
        std::size_t const guess = k * sample_size / values.size();
        std::size_t const behind = std::min(guess + 8 + guess / 4, sample_size - 1);
        std::nth_element(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(behind), sample.end(), before);
        double const bound = sample[behind];
        std::vector<double> few(values.size());
        std::size_t count = 0;
        for (double const v : values) {
            few[count] = v;
            count += before(v, bound) ? 1 : 0;
        }
        if (k < count) {
            auto const at = few.begin() + static_cast<std::ptrdiff_t>(k);
            std::nth_element(few.begin(), at, few.begin() + static_cast<std::ptrdiff_t>(count), before);
            return *at;
        }
    }
    auto const at = values.begin() + static_cast<std::ptrdiff_t>(k);
    std::nth_element(values.begin(), at, values.end(), before);
    return *at;
}

}  // namespace detail

/// What `values[low]` and `values[high]` would be after sorting; low <= high < values.size(). The values, none of them
/// not a number, are left in any order.
[[nodiscard]] inline std::pair<double, double> order_statistics(std::span<double> values, std::size_t low,
                                                                std::size_t high) {
    auto const from_end = values.size() - 1 - high;
    return {detail::selected(values, low, [](double a, double b) { return a < b; }),
            detail::selected(values, from_end, [](double a, double b) { return b < a; })};
}

}  // namespace kvt::inline KVT_ABI::numeric
