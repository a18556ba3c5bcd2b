// gradient_norm: how long a gradient is, and by how much it must be shortened.
#pragma once

#include <kvt/exec/reduce.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// The Euclidean norm, in double: in order within blocks, then along a fixed tree.
template <class Real>
[[nodiscard]] double gradient_norm(std::span<Real const> gradients, exec::executor_view executor) {
    return std::sqrt(exec::parallel_reduce(
        executor, gradients.size(), 16384, 0.0,
        [&](std::size_t begin, std::size_t end) {
            double lanes[8]{};
            std::size_t i = begin;
            for (; i + 8 <= end; i += 8)
                for (std::size_t k = 0; k < 8; ++k) {
                    auto const g = static_cast<double>(gradients[i + k]);
                    lanes[k] += g * g;
                }
            double sum = 0;
            for (double lane : lanes) sum += lane;
            for (; i < end; ++i) sum += static_cast<double>(gradients[i]) * static_cast<double>(gradients[i]);
            return sum;
        },
        [](double a, double b) { return a + b; }));
}

/// What gradients of that norm are multiplied with: min(1, most / (norm + 1e-6)) (scaling-laws 2.6); 1 where `most` is
/// infinite.
[[nodiscard]] inline double clipping_factor(double norm, double most) {
    return most == std::numeric_limits<double>::infinity() ? 1.0 : std::min(1.0, most / (norm + 1e-6));
}

}  // namespace kvt::inline KVT_ABI::scaling
