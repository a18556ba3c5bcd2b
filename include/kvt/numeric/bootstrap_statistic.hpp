// The bootstrap of any statistic of resampled units, with percentile and BCa intervals.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/record.hpp>
#include <kvt/numeric/bca.hpp>
#include <kvt/numeric/random_indices.hpp>
#include <kvt/numeric/resample_pieces.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// A number from the indices of the units drawn, in draw order and with repetitions; NaN or infinite where they leave it
/// undefined. A unit is whatever was sampled independently: an observation, a pair, a block of a series. A pure function,
/// safe to call from several threads.
template <class F> concept index_statistic = requires(F const& f, std::span<std::uint32_t const> indices) {
    { f(indices) } -> std::convertible_to<double>;
};

/// `percentile`: the replicates' own quantiles. `bca`: shifted for bias and skewness (Efron 1987), which covers better
/// where a statistic is not symmetric; costs one evaluation more a unit.
enum class interval_method : std::uint8_t { percentile, bca };
KVT_CHOICE(interval_method, "percentile", "bca");

/// A statistic of the sample and what resampling says about it.
struct bootstrap_estimate {
    double estimate = 0;          ///< of the sample itself
    std::optional<double> low{};  ///< null where no replicate is defined
    std::optional<double> high{};
    double standard_error = 0;   ///< standard deviation of the replicates
    double bias = 0;             ///< their mean less the estimate
    std::int64_t undefined = 0;  ///< replicates left out because the statistic was not finite
    std::optional<bca_correction> correction{};
};
KVT_RECORD(bootstrap_estimate, estimate, low, high, standard_error, bias, undefined, correction);

/// Resamples units from the stream `(seed, label)`, n indices a resample, as `bootstrap` does for means.
struct statistic_bootstrap {
    static constexpr std::string_view name = "statistic_bootstrap";
    std::int64_t resamples = 1000;  ///< 1..10^7
    double alpha = 0.05;            ///< one minus the coverage, in [0, 1]
    std::int64_t seed = 1337;
    interval_method method = interval_method::percentile;

    /// The statistic on each resample of n units, in draw order; the same for every executor.
    template <index_statistic F, class Executor = in_order>
    [[nodiscard]] std::vector<double> replicates(std::uint32_t n, F const& f, std::string_view label,
                                                 Executor const& executor = {}) const {
        return replicate_rows(
            n, 1,
            [&](std::span<std::uint32_t const> drawn, std::span<double> row) {
                row[0] = static_cast<double>(f(drawn));
            },
            label, executor);
    }

    /// Several statistics of the same resamples: `f(indices, row)` fills a row of `width` numbers; one row a resample.
    template <class F, class Executor = in_order>
    [[nodiscard]] std::vector<double> replicate_rows(std::uint32_t n, std::size_t width, F const& f,
                                                     std::string_view label, Executor const& executor = {}) const {
        check(n);
        std::vector<double> slots(static_cast<std::size_t>(resamples)), out(slots.size() * width);
        random_stream stream{seed, label};
        resample_in_pieces(stream, n, slots, executor, [&](random_stream& at, std::span<double> piece) {
            std::vector<std::uint32_t> indices(n);
            auto* row = out.data() + static_cast<std::size_t>(piece.data() - slots.data()) * width;
            for (std::size_t i = 0; i < piece.size(); ++i, row += width) {
                draw_indices(at, n, indices);
                f(std::span<std::uint32_t const>{indices}, std::span<double>{row, width});
            }
        });
        return out;
    }

    /// The statistic of n units with its interval; null for n = 0 or where the statistic of the sample itself is not
    /// finite. Throws `error{usage}` where a parameter is out of range.
    template <index_statistic F, class Executor = in_order>
    [[nodiscard]] std::optional<bootstrap_estimate> of(std::uint32_t n, F const& f, std::string_view label,
                                                       Executor const& executor = {}) const {
        if (n == 0) return std::nullopt;
        check(n);
        std::vector<std::uint32_t> all(n);
        std::iota(all.begin(), all.end(), 0U);
        double const estimate = static_cast<double>(f(std::span<std::uint32_t const>{all}));
        if (!std::isfinite(estimate)) return std::nullopt;
        auto values = replicates(n, f, label, executor);
        return summary(estimate, values, method == interval_method::bca ? jackknife(n, f) : std::vector<double>{});
    }

    /// The statistic with each unit left out in turn.
    template <index_statistic F> [[nodiscard]] static std::vector<double> jackknife(std::uint32_t n, F const& f) {
        std::vector<double> out(n);
        std::vector<std::uint32_t> rest(n - 1);
        std::iota(rest.begin(), rest.end(), 1U);
        for (std::uint32_t i = 0; i < n; ++i) {
            out[i] = static_cast<double>(f(std::span<std::uint32_t const>{rest}));
            if (i + 1 < n) rest[i] = i;
        }
        return out;
    }

    /// What `of` makes of a statistic's value, its replicates (reordered) and, for `bca`, its jackknife.
    [[nodiscard]] bootstrap_estimate summary(double estimate, std::vector<double>& values,
                                             std::span<double const> left_out) const {
        bootstrap_estimate out{.estimate = estimate};
        out.undefined = static_cast<std::int64_t>(std::erase_if(values, [](double v) { return !std::isfinite(v); }));
        if (values.empty()) return out;
        out.bias = *mean(values) - estimate;
        out.standard_error = sample_std(values).value_or(0);
        std::pair shares{alpha / 2, 1 - alpha / 2};
        if (method == interval_method::bca) {
            out.correction = bca_correction_of(values, estimate, left_out);
            shares = bca_shares(*out.correction, alpha);
        }
        auto const range = replicate_interval(values, shares);
        out.low = range.low, out.high = range.high;
        return out;
    }

  private:
    void check(std::uint32_t n) const {
        if (n == 0) throw error{error_kind::usage, "bootstrap", "there is nothing to draw from"};
        if (resamples < 1 || resamples > 10'000'000)
            throw error{error_kind::usage, "bootstrap.resamples", "out of range", "1 to 10000000"};
        if (!(alpha >= 0 && alpha <= 1)) throw error{error_kind::usage, "bootstrap.alpha", "out of range", "0 to 1"};
    }
};
KVT_RECORD(statistic_bootstrap, resamples, alpha, seed, method);

/// A statistic of values, `f(std::span<double const>)`, as one of indices into them. `values` must outlive it.
template <class F> [[nodiscard]] auto value_statistic(std::span<double const> values, F f) {
    return [values, f](std::span<std::uint32_t const> indices) {
        std::vector<double> drawn(indices.size());
        for (std::size_t i = 0; i < indices.size(); ++i) drawn[i] = values[indices[i]];
        return static_cast<double>(f(std::span<double const>{drawn}));
    };
}

/// A statistic of pairs, `f(as, bs)`, as one of indices: what was measured on one unit stays together. Throws
/// `error{usage}` where the lengths differ. The sides must outlive it.
template <class F> [[nodiscard]] auto paired_statistic(std::span<double const> a, std::span<double const> b, F f) {
    if (a.size() != b.size()) throw error{error_kind::usage, "paired statistic", "the two sides differ in length"};
    return [a, b, f](std::span<std::uint32_t const> indices) {
        std::vector<double> as(indices.size()), bs(indices.size());
        for (std::size_t i = 0; i < indices.size(); ++i) as[i] = a[indices[i]], bs[i] = b[indices[i]];
        return static_cast<double>(f(std::span<double const>{as}, std::span<double const>{bs}));
    };
}

}  // namespace kvt::inline KVT_ABI::numeric
