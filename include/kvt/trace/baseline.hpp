// baseline: one fit on exposures by overlap.
#pragma once

#include <kvt/trace/correction.hpp>
#include <kvt/trace/estimator.hpp>

namespace kvt::inline KVT_ABI::trace {

/// The fit's figures, in the order in which reports print them.
struct baseline_diagnostics {
    std::int64_t n_phases = 0;
    std::optional<double> r2{};
    double rmse_seconds = 0, mean_duration_seconds = 0, mean_steps = 0;
    double mean_A_pf_tokens = 0, mean_A_dec_tokens = 0;
};
KVT_RECORD(baseline_diagnostics, n_phases, r2, rmse_seconds, mean_duration_seconds, mean_steps, mean_A_pf_tokens,
           mean_A_dec_tokens);

struct baseline_estimate {
    coefficients beta{};
    baseline_diagnostics diagnostics{};
    identifiability told{};
};
KVT_RECORD(baseline_estimate, beta, diagnostics, told);

/// One non-negative fit of durations by steps and by the tokens that overlap in time with each phase. Quick and simple;
/// it weighs by the clock, so that long steps count for more than their number: on public loads, simulated with known
/// costs, prefill comes out up to eight times too cheap, and a high r2 does not show it. `iterative` takes that bias away.
struct baseline {
    static constexpr std::string_view name = "baseline";
    chunk_correction correction = chunk_correction::uniform;

    void check() const;
    [[nodiscard]] prompt_use prompts() const { return prompts_of(correction); }
    [[nodiscard]] baseline_estimate operator()(exposure const& trace) const;
};
KVT_RECORD(baseline, correction);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/baseline.ipp>
#endif
