// monotonicity: accuracy should not rise when the budget falls (spec O3.6).
#pragma once

#include <kvt/analysis/detector.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// The closest accuracies that never fall as the budget grows, in the order given, and how far the measured ones miss.
struct isotonic_check {
    std::vector<double> budgets{}, measured{}, fitted{};
    double max_violation = 0;
};
KVT_RECORD(isotonic_check, budgets, measured, fitted, max_violation);

/// Fits accuracies non-decreasing in budget, each weighted (for instance by its number of requests).
[[nodiscard]] isotonic_check check_monotone(std::span<double const> budgets, std::span<double const> accuracies,
                                            std::span<double const> weights);

/// Checks the overall means of a sweep, weighted by scored requests. A violation that a paired test calls significant
/// points to a metric that does not suit the task, or to answers leaking into prompts.
struct monotonicity {
    static constexpr std::string_view name = "monotonicity";

    [[nodiscard]] isotonic_check operator()(curve runs) const;
};
KVT_EMPTY_RECORD(monotonicity);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/monotonicity.ipp>
#endif
