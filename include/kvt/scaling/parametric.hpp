// parametric: the loss surface that fits runs best (Approach 3), and how sure that is.
#pragma once

#include <kvt/exec/executor.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/scaling/surface_objective.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::scaling {

/// The best surface found.
struct surface_fit {
    surface_theta theta{};
    loss_surface surface{};
    double objective = 0;  ///< F, a sum over the runs
    double gradient = 0;   ///< its largest component there
    double a_opt = 0;      ///< the exponent of the best N in C
    std::int64_t runs = 0;
};
KVT_RECORD(surface_fit, theta, surface, objective, gradient, a_opt, runs);

/// Minimises `surface_objective` by L-BFGS from the `starts` best of 4500 starts on a grid (alpha, beta in 0, 0.5, ..., 2;
/// e in -1, -0.5, ..., 1; a, b in 0, 5, ..., 25), in coordinates in which ln N and ln D have mean 0, and ends with Newton
/// steps (Hoffmann et al. 2022; scaling-laws 7.1). The same result for any number of threads.
struct parametric_fit {
    static constexpr std::string_view name = "parametric";
    double delta = 1e-3;          ///< of Huber's function, in ln L
    std::int64_t starts = 60;     ///< 1 to 4500
    std::int64_t drop_worst = 0;  ///< so many runs with the largest losses do not count

    void check() const;
    /// Throws `scaling_error{too_few_points}` for fewer than five runs.
    [[nodiscard]] surface_fit operator()(std::span<run_point const> points, exec::executor_view threads) const;
    [[nodiscard]] surface_fit operator()(std::span<run_point const> points) const;
};
KVT_RECORD(parametric_fit, delta, starts, drop_worst);

/// Figures of a bootstrap, in the order of `surface_bootstrap::names`.
struct surface_interval {
    std::string name{};
    double value = 0;  ///< of the fit to all runs
    double low = 0, high = 0, standard_error = 0;
};
KVT_RECORD(surface_interval, name, value, low, high, standard_error);

struct bootstrapped_surface {
    std::vector<surface_interval> intervals{};
    std::vector<surface_theta> replicates{};
    std::vector<double> objectives{};
};
KVT_RECORD(bootstrapped_surface, intervals, replicates, objectives);

/// Resamples runs with replacement and refits each time, from the optimum of all runs and the `starts` best of the grid:
/// percentile intervals and standard deviations (divisor R - 1) of E, A, B, alpha, beta, a, and N and D at `target_compute`
/// where it is set (scaling-laws 7.4).
struct surface_bootstrap {
    static constexpr std::string_view name = "bootstrap";
    std::int64_t resamples = 1000;
    std::int64_t seed = 0;  ///< 0 to 2^32 - 1; the n-th draw is floor(runs * unit)
    std::int64_t starts = 15;
    double alpha = 0.05;  ///< one minus the coverage
    std::optional<double> target_compute{};

    void check() const;
    /// The runs of each resample, by index.
    [[nodiscard]] std::vector<std::vector<std::size_t>> draws(std::size_t runs) const;
    [[nodiscard]] bootstrapped_surface operator()(std::span<run_point const> points, parametric_fit const& how,
                                                  surface_fit const& all, exec::executor_view threads) const;
    /// Refits given resamples.
    [[nodiscard]] bootstrapped_surface refit(std::span<run_point const> points, parametric_fit const& how,
                                             surface_fit const& all,
                                             std::span<std::vector<std::size_t> const> resampled,
                                             exec::executor_view threads) const;
};
KVT_RECORD(surface_bootstrap, resamples, seed, starts, alpha, target_compute);

/// `points` without the runs with the `count` largest losses (of equal ones, the first go).
[[nodiscard]] std::vector<run_point> without_worst(std::span<run_point const> points, std::int64_t count);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/parametric.ipp>
#endif
