// surface_objective: how badly a loss surface fits runs, with its gradient.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/scaling/buckets.hpp>
#include <kvt/scaling/loss_surface.hpp>

#include <array>
#include <cmath>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// A surface in the logarithms of its factors: A = e^a, B = e^b, E = e^e.
struct surface_theta {
    double a = 0, b = 0, e = 0, alpha = 0, beta = 0;

    [[nodiscard]] loss_surface surface() const { return {std::exp(e), std::exp(a), std::exp(b), alpha, beta}; }
    [[nodiscard]] static surface_theta of(loss_surface const& s) {
        return {std::log(s.A), std::log(s.B), std::log(s.E), s.alpha, s.beta};
    }
    [[nodiscard]] std::array<double, 5> all() const { return {a, b, e, alpha, beta}; }
    /// The exponent of the best N in C.
    [[nodiscard]] double a_opt() const { return beta / (alpha + beta); }
};
KVT_RECORD(surface_theta, a, b, e, alpha, beta);

/// F = Σ w H(ln L - ln(E + A N^-alpha + B D^-beta)) with Huber's H (scaling-laws 7.1): the sum, not the mean, so that
/// optimizers' usual tolerances do not stop far from the optimum.
class surface_objective {
  public:
    /// Points must be finite and above 0, at least one; weights are those of the points, none are all 1. Throws
    /// `scaling_error{too_few_points}` or `{invalid_option}`.
    explicit surface_objective(std::span<run_point const> points, double delta = 1e-3,
                               std::span<double const> weights = {}, instruction_set kernels = best_instruction_set());

    [[nodiscard]] double operator()(surface_theta const& theta) const;
    /// In the order a, b, e, alpha, beta.
    [[nodiscard]] double operator()(surface_theta const& theta, std::array<double, 5>& gradient) const;

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] double delta() const { return delta_; }
    /// ln N, ln D, ln L and weight of each point, and zeros up to a multiple of eight.
    [[nodiscard]] std::array<std::span<double const>, 4> columns() const { return {log_n_, log_d_, log_l_, weight_}; }
    [[nodiscard]] instruction_set kernels() const { return set_; }
    /// The same points, weighted otherwise.
    [[nodiscard]] surface_objective weighted(std::span<double const> weights) const;

  private:
    std::size_t count_;
    double delta_;
    instruction_set set_;
    std::vector<double> log_n_, log_d_, log_l_, weight_;
    double (*value_)(surface_objective const& of, double const* theta, double* gradient);
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/surface_objective.ipp>
#endif
