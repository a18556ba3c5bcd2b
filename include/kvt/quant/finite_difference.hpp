// finite_difference: the published optimizer, kept for comparison; its parameters mean something else than ours.
#pragma once

#include <kvt/quant/beta_schedule.hpp>
#include <kvt/quant/loss.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

struct finite_difference_result {
    std::vector<double> scale{}, zero_point{};  ///< the best that were evaluated
    double final_loss = 0;                      ///< theirs
    std::int64_t iterations = 0;
    bool converged = false;
    std::vector<double> loss_history{};
};
KVT_RECORD(finite_difference_result, scale, zero_point, final_loss, iterations, converged, loss_history);

/// Gradient descent by central differences of 1e-4 on every scale and zero point (markov-smoothness 6.4). Here
/// `w' = clamp(round((w - z) / s), -2, 1) * s + z`: zero points in data units and four codes whatever the width, so that
/// its results are no `affine` parameters. The Markov term compares Gaussians of the whole tensor, so it does not see
/// groups. An iteration takes 4 G + 1 evaluations of the loss: for comparison, not for use; see `coordinate_descent`.
struct finite_difference {
    static constexpr std::string_view name = "finite_difference";
    double learning_rate = 0.01;  ///< above 0, at most 1
    std::int64_t max_iterations = 50;
    double convergence_threshold = 1e-4;  ///< above 0; stops where the loss moves by less
    double gradient_clip = 1;             ///< above 0
    loss_weights weights{};
    beta_schedule schedule{};  ///< one timestep a group

    /// Throws `invalid_learning_rate`, `invalid_max_iterations`, `invalid_convergence_threshold`, `invalid_weight` (also
    /// for the clip), `invalid_beta_schedule`.
    void check() const;
    /// Throws also `empty_input`, `length_mismatch`, `too_few_elements` (fewer values than groups), `invalid_scale` (not
    /// above 0), `invalid_zero_point`, `non_finite_input`.
    [[nodiscard]] finite_difference_result operator()(std::span<double const> values, std::span<double const> scale,
                                                      std::span<double const> zero_point) const;
};
KVT_RECORD(finite_difference, learning_rate, max_iterations, convergence_threshold, gradient_clip, weights, schedule);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/finite_difference.ipp>
#endif
