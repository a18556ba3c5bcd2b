// predict: a load replayed on an engine with estimated costs, at other speeds and limits, with intervals.
#pragma once

#include <kvt/trace/iterative.hpp>
#include <kvt/trace/service.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// How an engine would be run.
struct scenario {
    double speed = 1;                                                  ///< divides arrival times: 2 is twice the load
    std::int64_t chunk_size = 512, max_running = 0, token_budget = 0;  ///< as in `step_engine`
};
KVT_RECORD(scenario, speed, chunk_size, max_running, token_budget);

/// Where a prediction's uncertainty comes from: other costs that the trace allows (bootstrap replicates of an estimate),
/// and steps that do not all take the time their tokens ask for. Without either there are no intervals.
struct uncertainty {
    std::vector<coefficients> betas{};  ///< equally likely; empty: the estimate alone
    double noise_sigma = 0;             ///< of a step time's logarithm
    std::int64_t replicates = 0;        ///< runs; 0: one for each of `betas`, or 100 where there is noise alone
    double level = 0.95;                ///< of the intervals
    std::int64_t seed = 1337;

    void check() const;                       ///< throws `bad_option`
    [[nodiscard]] std::int64_t runs() const;  ///< how many replicates there will be
};
KVT_RECORD(uncertainty, betas, noise_sigma, replicates, level, seed);

/// What a scenario's users would see. Values are those of the run with the estimate itself and no noise; an interval spans
/// the middle `level` of the replicates, and the value where that lies outside.
struct prediction {
    trace::scenario scenario{};
    trace::service service{};
    std::int64_t replicates = 0;
};
KVT_RECORD(prediction, scenario, service, replicates);

/// The engine of a scenario; `base` gives what scenarios do not say.
[[nodiscard]] step_engine engine_of(scenario const& how, step_engine base);

/// Replays `requests` once for the values and once for each replicate. `base` holds the estimated costs.
[[nodiscard]] prediction predict(std::span<request const> requests, step_engine const& base, scenario const& how,
                                 service_goal const& goal = {}, uncertainty const& unsure = {});

/// How much step times scatter about what their tokens ask for (the standard deviation of their logarithm), as the
/// residuals of an estimate suggest: a phase of n equal steps scatters 1/sqrt(n) as much. Half of the rows decide (median).
/// What the estimator's features miss counts as noise too, so this is too large rather than too small.
[[nodiscard]] double step_noise(exposure const& trace, coefficients const& beta, chunk_correction how);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/predict.ipp>
#endif
