// beta_intervals: intervals for the coefficients, from resampled busy periods.
#pragma once

#include <kvt/numeric/interval.hpp>
#include <kvt/trace/iterative.hpp>

#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// Intervals for the three coefficients, and what they rest on.
struct beta_intervals {
    double level = 0;                   ///< nominal coverage of each interval by itself
    std::vector<double> low{}, high{};  ///< by coefficient; empty where there is nothing to resample
    std::int64_t busy_periods = 0;      ///< stretches of the trace in which something always runs
    std::int64_t blocks = 0;            ///< what was resampled: busy periods, or pieces of long ones
    std::int64_t resamples = 0;
    std::vector<coefficients> replicates{};  ///< resampled, in the order in which they were drawn
};
KVT_RECORD(beta_intervals, level, low, high, busy_periods, blocks, resamples, replicates);

/// Block bootstrap. Phases that overlap share their steps, and so their errors; phases of different busy periods share
/// nothing. Busy periods are drawn with replacement. Long ones are cut at starts of phases into pieces of a 1/`pieces`th of
/// the trace's time, but never shorter than four times what a long phase (the 90th percentile) lasts; neighbouring short
/// ones are joined where there are more than 1000.
///
/// The re-weighted estimate is a fixed point b = fit(b). A resample's is found to first order from the one at hand,
/// b + (1 - J)^-1 (fit*(b) - b), with J the derivative of fit at b by differences, instead of by iterating anew
/// (Salibian-Barrera and Zamar 2002, "Bootstrapping robust estimates of regression").
///
/// Percentiles are widened threefold. By Student's quantile over the normal one, for as many degrees of freedom as blocks
/// carry the coefficient. To the spread of the fits without one block each, where that is larger, as with blocks of very
/// different size (Cameron and Miller 2015, "A practitioner's guide to cluster-robust inference", section VI). And by twice
/// what the iteration still had to go. Ends are clipped at 0. Fewer than 3 blocks give no interval.
struct block_bootstrap {
    static constexpr std::string_view name = "block_bootstrap";
    std::int64_t resamples = 1000;
    double alpha = 0.05;       ///< one minus the nominal coverage, in (0, 1)
    std::int64_t pieces = 40;  ///< at least 2
    std::int64_t seed = 1337;

    void check() const;  ///< throws `bad_option`
    [[nodiscard]] beta_intervals operator()(exposure const& trace, baseline const& how,
                                            baseline_estimate const& found) const;
    [[nodiscard]] beta_intervals operator()(exposure const& trace, iterative const& how,
                                            iterative_estimate const& found) const;
};
KVT_RECORD(block_bootstrap, resamples, alpha, pieces, seed);

/// The block of every row, numbered from 0 in order of time, and how many busy periods there are.
struct trace_blocks {
    std::vector<std::uint32_t> of_row{};
    std::size_t count = 0, busy_periods = 0;
};
[[nodiscard]] trace_blocks blocks_of(exposure const& trace, std::int64_t pieces);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/beta_intervals.ipp>
#endif
