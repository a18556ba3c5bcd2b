// transition: the Gaussian that values with a mean and a variance turn into after a timestep's noise.
#pragma once

#include <kvt/core/record.hpp>

#include <cmath>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

struct gaussian {
    double mean = 0, deviation = 1;
};
KVT_RECORD(gaussian, mean, deviation);

/// The mean and the population's deviation of values, in one order from left to right; 0 and 0 where there are none.
template <class T> [[nodiscard]] gaussian gaussian_of(std::span<T const> values) {
    if (values.empty()) return {0, 0};
    auto const n = static_cast<double>(values.size());
    double sum = 0, squares = 0;
    for (T const v : values) sum += static_cast<double>(v);
    double const mean = sum / n;
    for (T const v : values) squares += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
    return {mean, std::sqrt(squares / n)};
}

/// `mean * sqrt(1 - beta)` and `sqrt(variance * (1 - beta) + beta)` (markov-smoothness 6.2).
[[nodiscard]] inline gaussian transition(gaussian from, double beta) {
    return {from.mean * std::sqrt(1 - beta), std::sqrt(from.deviation * from.deviation * (1 - beta) + beta)};
}

/// One Gaussian a timestep, all from the same values.
[[nodiscard]] inline std::vector<gaussian> transitions(gaussian from, std::span<double const> betas) {
    std::vector<gaussian> out;
    for (double const b : betas) out.push_back(transition(from, b));
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
