// Accuracy as a logistic surface over budget and length, and the line where it has halved (spec O3.4).
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// A score (0..1) at a budget and a prompt length.
struct surface_point {
    double budget = 1;
    std::int64_t token_len = 0;
    double y = 0;
};
KVT_RECORD(surface_point, budget, token_len, y);

/// At this budget, fitted accuracy is half of the reference at `tokens`; null where it does not fall with length.
struct half_length {
    double budget = 1;
    std::optional<double> tokens{};
};
KVT_RECORD(half_length, budget, tokens);

/// logit(accuracy) = β0 + β1 u + β2 v + β3 uv with u = log2(1/budget), v = log2(length/1024).
struct accuracy_surface {
    std::vector<double> beta{};
    double p_reference = 0;                   ///< fitted accuracy at the largest budget and the shortest length
    std::vector<half_length> half_lengths{};  ///< the transition line, one point a budget, descending
    bool converged = false;
};
KVT_RECORD(accuracy_surface, beta, p_reference, half_lengths, converged);

/// Fits the surface; null for no points. Throws `error{usage}` where a budget lies outside (0, 1] or a length below 1.
[[nodiscard]] std::optional<accuracy_surface> fit_surface(std::span<surface_point const> points, double ridge = 1e-3);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/surface.ipp>
#endif
