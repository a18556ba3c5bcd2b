#pragma once

#include <kvt/core/error.hpp>
#include <kvt/model/sampler.hpp>

#include <cmath>
#include <vector>

namespace kvt::inline KVT_ABI::model {

KVT_DECL std::int32_t temperature::choose(std::span<float const> logits, random_stream& stream) const {
    if (!std::isfinite(value) || value < 0)
        throw error{error_kind::usage, "temperature", std::to_string(value), "a number from 0 on"};
    std::int32_t const likeliest = greedy::best(logits);
    if (value == 0 || logits.empty()) return likeliest;
    double const highest = logits[static_cast<std::size_t>(likeliest)];
    std::vector<double> sums(logits.size());
    double sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (std::isfinite(logits[i])) sum += std::exp((logits[i] - highest) / value);
        sums[i] = sum;
    }
    double const drawn = stream.unit() * sum;
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (drawn < sums[i]) return static_cast<std::int32_t>(i);
    return likeliest;
}

}  // namespace kvt::inline KVT_ABI::model
