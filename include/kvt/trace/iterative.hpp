// iterative: the fit repeated, features re-weighted by the step rate that the coefficients so far imply.
#pragma once

#include <kvt/trace/baseline.hpp>

#include <array>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// What happened from iteration to iteration. `beta` starts with the initial coefficients; r2 and rmse are those of the
/// undamped fit on the iteration's features.
struct iteration_history {
    std::vector<std::vector<double>> beta{};
    std::vector<double> delta_l2{};
    std::vector<std::optional<double>> r2{};
    std::vector<double> rmse_seconds{};
};
KVT_RECORD(iteration_history, beta, delta_l2, r2, rmse_seconds);

/// In the order in which reports print them.
struct iterative_diagnostics {
    bool converged = false;
    std::int64_t n_outer_iters = 0;
    double tol = 0, damping_eta = 0;
    double init_beta0 = 0, init_beta1 = 0, init_beta2 = 0;
    double final_beta0 = 0, final_beta1 = 0, final_beta2 = 0;
    std::optional<double> final_r2{};
    double final_rmse_seconds = 0, final_delta_beta_l2 = 0;
    double mean_steps = 0, mean_duration_seconds = 0;
    std::int64_t n_phases = 0;
};
KVT_RECORD(iterative_diagnostics, converged, n_outer_iters, tol, damping_eta, init_beta0, init_beta1, init_beta2,
           final_beta0, final_beta1, final_beta2, final_r2, final_rmse_seconds, final_delta_beta_l2, mean_steps,
           mean_duration_seconds, n_phases);

struct iterative_estimate {
    coefficients beta{};
    bool converged = false;
    std::int64_t n_outer_iters = 0;
    iterative_diagnostics diagnostics{};
    iteration_history history{};
    identifiability told{};  ///< of the last iteration's features
};
KVT_RECORD(iterative_estimate, beta, converged, n_outer_iters, diagnostics, history, told);

/// The options that have a name.
enum class iterative_preset : std::uint8_t { robust, published };
KVT_CHOICE(iterative_preset, "robust", "published");

/// The re-weighted fit. The defaults are the preset `robust`: damped, because the undamped iteration of the preset
/// `published` often cycles, and on bursty traces amplifies rounding tenfold an iteration.
struct iterative {
    static constexpr std::string_view name = "iterative";
    chunk_correction prefill_correction = chunk_correction::beta_informed;
    chunk_correction init_correction = chunk_correction::uniform;  ///< of the baseline it starts from
    std::int64_t max_outer_iters = 200;
    double tol = 1e-9;     ///< stops where the coefficients move by less (seconds a step and a token, taken together)
    double damping = 0.2;  ///< share of the new fit in the next coefficients, in (0, 1]

    [[nodiscard]] static iterative preset(iterative_preset which);

    void check() const;
    [[nodiscard]] prompt_use prompts() const { return prompt_use::needed; }
    [[nodiscard]] iterative_estimate operator()(exposure const& trace) const;
};
KVT_RECORD(iterative, prefill_correction, init_correction, max_outer_iters, tol, damping);

/// One iteration's view of a trace, for looking inside: all by segment but the two columns.
struct reweighting {
    std::vector<double> step_time{};          ///< t: from the coefficients and the pressures before
    std::vector<double> rate{};               ///< r: steps a second
    std::vector<double> taken{};              ///< c / r: tokens a step that the correction takes off
    std::vector<double> pressure{};           ///< p: effective prefill pressure
    std::vector<double> prefill{}, decode{};  ///< F, G: the features, by row
    std::int64_t floored = 0;  ///< segments where something runs and the step time is at the floor of 1e-12 s
};

/// The features under `beta`, with the prefill pressures of the iteration before (f, at first).
[[nodiscard]] reweighting reweigh(exposure const& trace, coefficients const& beta, std::vector<double> pressure,
                                  chunk_correction how);

/// The features of an iteration that starts from an estimate's own coefficients and has settled on their pressures.
[[nodiscard]] reweighting settled_features(exposure const& trace, coefficients const& beta, chunk_correction how);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/iterative.ipp>
#endif
