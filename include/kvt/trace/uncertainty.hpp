// uncertainty: intervals for the coefficients, from resampled busy periods.
#pragma once

#include <kvt/numeric/interval.hpp>
#include <kvt/trace/iterative.hpp>

#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// Intervals for the three coefficients, and what they rest on.
struct uncertainty {
    double level = 0;                   ///< nominal coverage of each interval by itself
    std::vector<double> low{}, high{};  ///< by coefficient; empty where there is nothing to resample
    std::int64_t busy_periods = 0;      ///< stretches of the trace in which something always runs
    std::int64_t blocks = 0;            ///< what was resampled: busy periods, or pieces of long ones
    std::int64_t resamples = 0;
    std::vector<std::vector<double>>
        replicates{};  ///< the resampled coefficients, in the order in which they were drawn
};
KVT_RECORD(uncertainty, level, low, high, busy_periods, blocks, resamples, replicates);

/// Block bootstrap: phases that overlap share their steps, and so their errors; phases of different busy periods share
/// nothing. Busy periods are drawn with replacement; where one holds too large a share of all phases it is cut at starts
/// of phases, so that there are about `pieces` blocks at least.
///
/// The re-weighted estimate is a fixed point b = fit(b). A resample's is found to first order from the one at hand,
/// b + (1 - J)^-1 (fit*(b) - b), with J the derivative of fit at b by differences (Salibian-Barrera and Zamar 2002, "fast
/// bootstrap"), instead of by iterating anew. Percentiles are widened by Student's quantile over the normal one at one
/// degree of freedom less than there are blocks, and clipped at 0.
struct block_bootstrap {
    static constexpr std::string_view name = "block_bootstrap";
    std::int64_t resamples = 1000;
    double alpha = 0.05;  ///< one minus the nominal coverage, in (0, 1)
    std::int64_t pieces = 40;
    std::int64_t seed = 1337;

    void check() const;  ///< throws `bad_option`
    [[nodiscard]] uncertainty operator()(exposure const& trace, baseline const& how,
                                         baseline_estimate const& found) const;
    [[nodiscard]] uncertainty operator()(exposure const& trace, iterative const& how,
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
#include <kvt/trace/detail/uncertainty.ipp>
#endif
