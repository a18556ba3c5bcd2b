#pragma once

#include <kvt/quant/quality.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL double cosine_of(double square_a, double dot, double square_b) {
    if (square_a == 0 || square_b == 0) return square_a == square_b ? 1 : 0;
    return std::clamp(dot / (std::sqrt(square_a) * std::sqrt(square_b)), -1.0, 1.0);
}

KVT_DECL double cosine_similarity(std::span<double const> a, std::span<double const> b) {
    if (a.empty() || a.size() != b.size()) return 0;
    double square_a = 0, dot = 0, square_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        square_a = std::fma(a[i], a[i], square_a);
        dot = std::fma(a[i], b[i], dot);
        square_b = std::fma(b[i], b[i], square_b);
    }
    return cosine_of(square_a, dot, square_b);
}

KVT_DECL quality quality::of(error_sums const& sums) {
    if (sums.count == 0) return {};
    auto const n = static_cast<double>(sums.count);
    quality out{.cosine = cosine_of(sums.signal, sums.cross, sums.rebuilt),
                .mse = sums.noise / n,
                .max_abs_error = sums.worst,
                .sqnr_db = {},
                .clipped_fraction = static_cast<double>(sums.clipped) / n};
    if (sums.noise > 0 && sums.signal > 0) out.sqnr_db = 10 * std::log10(sums.signal / sums.noise);
    return out;
}

KVT_DECL model_cosine model_cosine::of(std::span<double const> cosines, std::span<std::int64_t const> elements) {
    if (cosines.size() != elements.size())
        throw quant_error{fault::length_mismatch, "cosines",
                          std::to_string(cosines.size()) + " of " + std::to_string(elements.size()) + " tensors"};
    double sum = 0, weighted = 0, weight = 0;
    for (std::size_t i = 0; i < cosines.size(); ++i) {
        auto const n = static_cast<double>(elements[i]);
        sum += cosines[i];
        weighted += n * cosines[i];
        weight += n;
    }
    if (cosines.empty()) return {};
    return {sum / static_cast<double>(cosines.size()), weight == 0 ? 0 : weighted / weight};
}

}  // namespace kvt::inline KVT_ABI::quant
