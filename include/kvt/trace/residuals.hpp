// residuals: which phases a fit misses, and what a high r2 rests on.
#pragma once

#include <kvt/trace/iterative.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// The fit on the phases of one kind.
struct kind_residuals {
    phase_kind kind = phase_kind::prefill;
    std::int64_t phases = 0;
    std::optional<double> r2{};  ///< within the kind; null where all its durations are equal
    double rmse_seconds = 0;
    double mean_ratio = 0;        ///< predicted over observed time, summed over the kind
    double share_of_squares = 0;  ///< how much of what all phases' r2 measures varies within this kind
};
KVT_RECORD(kind_residuals, kind, phases, r2, rmse_seconds, mean_ratio, share_of_squares);

/// A phase the model does not explain.
struct missed_phase {
    std::string request_id{};
    phase_kind kind = phase_kind::prefill;
    double t_start = 0, observed_seconds = 0, predicted_seconds = 0;
    double deviations = 0;  ///< residual a root step, over 1.4826 medians of its absolute value
};
KVT_RECORD(missed_phase, request_id, kind, t_start, observed_seconds, predicted_seconds, deviations);

struct residual_report {
    std::vector<kind_residuals> kinds{};  ///< prefill, decode; without those that do not occur
    std::int64_t missed = 0;              ///< phases beyond `limit` deviations
    double limit = 5;
    std::vector<missed_phase> worst{};  ///< of these, the worst first
};
KVT_RECORD(residual_report, kinds, missed, limit, worst);

/// Seconds the fit predicts for every row.
[[nodiscard]] std::vector<double> predicted(exposure const& trace, baseline const& how, baseline_estimate const& found);
[[nodiscard]] std::vector<double> predicted(exposure const& trace, iterative const& how,
                                            iterative_estimate const& found);

/// Residuals by kind, and at most `most` of the phases beyond 5 deviations. Step times vary independently, so a residual
/// grows with the root of the steps; a residual below a thousandth of its duration is never a miss.
[[nodiscard]] residual_report residuals_of(exposure const& trace, std::vector<double> const& predicted,
                                           std::size_t most = 10);

/// Why a fit's r2 says nothing about one of its coefficients; null where no such reason is seen. Reported where r2 is at
/// least 0.9 and yet the phases of one kind are explained worse than by their own mean, or are in total predicted to take
/// a quarter less or more than they took.
[[nodiscard]] std::optional<std::string> hidden_by_r2(residual_report const& report, std::optional<double> r2);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/residuals.ipp>
#endif
