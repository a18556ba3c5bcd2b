// Gradients beside central differences in double precision.
#pragma once

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>

#include <cmath>
#include <span>
#include <string_view>
#include <vector>

namespace gradient_check {

inline std::vector<double> noise(std::size_t count, std::string_view label, double size = 1) {
    kvt::random_stream stream{1, label};
    std::vector<double> values(count);
    for (auto& v : values) v = size * (2 * stream.unit() - 1);
    return values;
}

inline double weighted(std::span<double const> y, std::span<double const> by) {
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * by[i];
    return sum;
}

/// Every `step`-th entry of `found` is the derivative of `loss()` by that entry of `values`, which is put back.
template <class Loss>
void agree(std::span<double> values, std::span<double const> found, Loss&& loss, std::size_t step = 1,
           double relative = 1e-6) {
    REQUIRE(values.size() == found.size());
    for (std::size_t i = 0; i < values.size(); i += step) {
        double const held = values[i], by = 1e-5 * std::max(1.0, std::abs(held));
        values[i] = held + by;
        double const above = loss();
        values[i] = held - by;
        double const below = loss();
        values[i] = held;
        double const expected = (above - below) / (2 * by);
        INFO("entry ", i);
        REQUIRE(std::abs(found[i] - expected) <= relative * (std::abs(expected) + 0.01));
    }
}

}  // namespace gradient_check
