// law_bootstrap: how sure laws through optima are, from runs that are drawn again within each budget.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/scaling/laws.hpp>
#include <kvt/scaling/optimum.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// One parameter (`k` or `a`) of one law.
struct law_interval {
    std::string law{}, name{};
    double value = 0;  ///< of the fit to all runs
    double low = 0, high = 0, standard_error = 0;
};
KVT_RECORD(law_interval, law, name, value, low, high, standard_error);

struct bootstrapped_laws {
    std::int64_t resamples = 0, seed = 0;
    std::int64_t fitted = 0;  ///< resamples that have laws: at least two budgets with an optimum
    std::vector<law_interval> intervals{};
};
KVT_RECORD(bootstrapped_laws, resamples, seed, fitted, intervals);

/// Resamples runs with replacement inside each bucket, then finds optima and laws anew: percentile intervals and standard
/// deviations (divisor R - 1) of k and a (scaling-laws 7.4). Unlike the lines' own intervals these also know how far the
/// optima themselves could be elsewhere.
struct law_bootstrap {
    static constexpr std::string_view name = "law_bootstrap";
    std::int64_t resamples = 1000;
    std::int64_t seed = 0;  ///< 0 to 2^32 - 1; the n-th draw is floor(runs of the bucket * unit)
    double alpha = 0.05;    ///< one minus the coverage

    /// Finds laws for points; empty where they have none.
    using refit = function_view<std::optional<law_triple>(std::span<run_point const>)>;

    void check() const;
    /// The points of each resample, by index, bucket after bucket.
    [[nodiscard]] std::vector<std::vector<std::size_t>> draws(std::span<bucket const> buckets) const;
    [[nodiscard]] bootstrapped_laws operator()(std::span<run_point const> points, std::int64_t decimals,
                                               law_triple const& all, refit again) const;
};
KVT_RECORD(law_bootstrap, resamples, seed, alpha);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/law_bootstrap.ipp>
#endif
