// Definitions of model/rotary.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/model/rotary.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::model {

KVT_DECL rotary::rotary(shape const& s) {
    for (std::int32_t i = 0; i < s.head_dim / 2; ++i)
        frequencies_.push_back(std::pow(s.rope_theta, -2.0 * i / s.head_dim));
}

KVT_DECL void rotary::turn(std::span<float> rows, std::span<std::int32_t const> positions, int direction) const {
    std::size_t const half = frequencies_.size();
    if (rows.size() != positions.size() * 2 * half)
        throw error{error_kind::usage, "rotary", std::to_string(rows.size()) + " floats",
                    std::to_string(2 * half) + " for each of " + std::to_string(positions.size()) + " positions"};
    float* x = rows.data();
    for (auto const position : positions) {
        for (std::size_t i = 0; i < half; ++i) {
            double const angle = direction * position * frequencies_[i], c = std::cos(angle), s = std::sin(angle);
            double const a = x[i], b = x[i + half];
            x[i] = static_cast<float>(a * c - b * s);
            x[i + half] = static_cast<float>(b * c + a * s);
        }
        x += 2 * half;
    }
}

}  // namespace kvt::inline KVT_ABI::model
