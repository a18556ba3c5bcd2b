// charts: pressures over time, predicted against observed durations, and the coefficients from iteration to iteration.
#pragma once

#include <kvt/report/chart.hpp>
#include <kvt/trace/iterative.hpp>

namespace kvt::inline KVT_ABI::trace {

/// Prefill pressure (in full chunks) and decode pressure over the trace's time, as averages over at most `pieces` equal
/// stretches of it.
[[nodiscard]] report::chart pressure_chart(exposure const& trace, std::size_t pieces = 600);

/// Each phase's duration as the coefficients predict it under the estimator's features, against the observed one, both in
/// seconds on logarithmic axes; at most about `points` phases of a kind, evenly taken.
[[nodiscard]] report::chart fit_chart(exposure const& trace, coefficients const& beta, reweighting const& features,
                                      std::size_t points = 1500);

/// The coefficients after each iteration as shares of the last ones.
[[nodiscard]] report::chart history_chart(iterative_estimate const& found);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/charts.ipp>
#endif
