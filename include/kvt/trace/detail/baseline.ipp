// Definitions of trace/baseline.hpp.
#pragma once

#include <kvt/trace/baseline.hpp>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL void baseline::check() const {
    if (correction == chunk_correction::beta_informed)
        throw trace_error{fault::bad_option, "correction beta_informed belongs to the iterative estimator",
                          "uniform, end, none or end_inside"};
}

KVT_DECL baseline_estimate baseline::operator()(exposure const& trace) const {
    check();
    auto const prefill = prefill_exposure(trace, correction);
    auto const fit = fit_steps(trace.rows, prefill, trace.decode);
    return {.beta = fit.beta,
            .diagnostics = {.n_phases = static_cast<std::int64_t>(trace.rows.size()),
                            .r2 = fit.r2,
                            .rmse_seconds = fit.rmse_seconds,
                            .mean_duration_seconds = mean_of(trace.rows.duration),
                            .mean_steps = mean_of(trace.rows.steps),
                            .mean_A_pf_tokens = mean_of(prefill),
                            .mean_A_dec_tokens = mean_of(trace.decode)},
            .told = fit.told};
}

}  // namespace kvt::inline KVT_ABI::trace
