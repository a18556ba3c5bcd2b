// coverage: how often intervals hold the truth, on simulated engines whose truth is known.
#pragma once

#include <kvt/exec/executor.hpp>
#include <kvt/trace/load.hpp>
#include <kvt/trace/simulate.hpp>
#include <kvt/trace/beta_intervals.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// One load simulated many times. Shares and relative sizes by coefficient.
struct coverage {
    std::string load{};
    std::int64_t simulations = 0, without_interval = 0;
    double level = 0;                      ///< nominal
    std::vector<double> held{};            ///< share of the intervals that hold the truth
    std::vector<double> half_width{};      ///< mean, over the truth
    std::vector<double> bias{}, spread{};  ///< mean and standard deviation of the estimates' relative errors
};
KVT_RECORD(coverage, load, simulations, without_interval, level, held, half_width, bias, spread);

/// Simulates the load `simulations` times, each with its own requests and step noise (seeds from the load's and the
/// engine's on), estimates with `how` and asks `intervals`. The same for any executor. True costs of 0 are left out of
/// relative figures, which are then 0.
[[nodiscard]] coverage measure_coverage(named_load const& load, step_engine const& engine, std::int64_t simulations,
                                        iterative const& how, block_bootstrap const& intervals,
                                        exec::executor_view executor);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/coverage.ipp>
#endif
