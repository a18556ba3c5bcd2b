// recover: how well estimators find costs that are known, because an engine was simulated with them.
#pragma once

#include <kvt/trace/baseline.hpp>
#include <kvt/trace/iterative.hpp>
#include <kvt/trace/simulate.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// One estimator's answer beside the truth.
struct recovered {
    std::string estimator{};
    coefficients estimate{};
    std::optional<double> error0{}, error1{}, error2{};  ///< relative; null where the true cost is 0
    std::optional<double> r2{};
    std::optional<std::int64_t> iterations{};
    std::optional<bool> converged{};
};
KVT_RECORD(recovered, estimator, estimate, error0, error1, error2, r2, iterations, converged);

struct recovery {
    coefficients truth{};
    coefficients on_log{};  ///< the fit on what phases really met: the truth, without noise and rounding
    std::int64_t steps = 0, phases = 0, dropped_phases = 0;
    double mean_batch = 0;
    double busy_fraction = 0;
    std::vector<recovered> estimators{};
};
KVT_RECORD(recovery, truth, on_log, steps, phases, dropped_phases, mean_batch, busy_fraction, estimators);

namespace detail {

[[nodiscard]] recovery start_recovery(simulation const& run, step_engine const& engine);
[[nodiscard]] recovered beside_truth(std::string name, coefficients const& truth, coefficients const& found);

/// One estimator's answer on exposures, beside the truth.
template <estimator E> [[nodiscard]] recovered judged(E const& method, coefficients const& truth, exposure const& trace) {
    auto const found = method(trace);
    auto row = beside_truth(std::string{method.name}, truth, found.beta);
    if constexpr (requires { found.diagnostics.final_r2; }) {
        row.r2 = found.diagnostics.final_r2;
        row.iterations = found.n_outer_iters, row.converged = found.converged;
    } else if constexpr (requires { found.diagnostics.r2; }) {
        row.r2 = found.diagnostics.r2;
    }
    return row;
}

}  // namespace detail

/// Simulates the load and runs the estimators on the phases alone.
template <estimator... Estimators>
[[nodiscard]] recovery recover(std::span<request const> requests, step_engine const& engine, Estimators const&... each) {
    auto const run = simulate(requests, engine);
    auto out = detail::start_recovery(run, engine);
    auto const trace = expose_trace(check_trace(
        table_of(run.phases), {.chunk_size = static_cast<double>(engine.chunk_size)}, prompt_use::needed));
    (out.estimators.push_back(detail::judged(each, out.truth, trace)), ...);
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/recover.ipp>
#endif
