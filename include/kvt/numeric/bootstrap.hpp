// The percentile bootstrap of a mean, one random stream a label (golden bit for bit).
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/numeric/mean_resampler.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Where resamples come from: kvt's streams, or the Mersenne Twister of the reference implementation, which restarts
/// the same stream for every list and so ties all bins together. `mt19937` is for reproducing old numbers only.
enum class generator : std::uint8_t { kvt, mt19937 };
KVT_CHOICE(generator, "kvt", "mt19937");

/// The percentile interval of resampled means (Efron and Tibshirani 1993, section 13.3; spec N1). Satisfies
/// `interval_rule`. Draws n indices a resample from the stream `(seed, label)` and averages in draw order, as
/// `resample_means` does and `mean_resampler` does faster.
struct bootstrap {
    static constexpr std::string_view name = "bootstrap";
    std::int64_t resamples = 1000;  ///< 1..10^7
    double alpha = 0.05;            ///< one minus the coverage, in [0, 1]
    std::int64_t seed = 1337;
    generator rng = generator::kvt;

    /// The interval; null for no values. Throws `error{usage}` where a parameter or a value is out of range.
    [[nodiscard]] std::optional<interval> mean(std::span<double const> values, std::string_view label) const;

    /// The same for the mean of the groups' means: a resample draws each group anew, in order, from the one stream.
    [[nodiscard]] std::optional<interval> mean_of_means(strata groups, std::string_view label) const;

    /// The resampled means of means in the order in which they were drawn; empty where there is nothing to draw from.
    [[nodiscard]] std::vector<double> means(strata groups, std::string_view label) const;
    [[nodiscard]] std::vector<double> means(std::span<double const> values, std::string_view label) const;

    /// Positions of the interval's ends among the sorted means: trunc(α/2·B) and trunc((1 - α/2)·B), within 0..B-1.
    [[nodiscard]] std::pair<std::size_t, std::size_t> positions() const;
};
KVT_RECORD(bootstrap, resamples, alpha, seed, rng);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/bootstrap.ipp>
#endif
