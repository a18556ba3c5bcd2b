// Definitions of numeric/bootstrap.hpp.
#pragma once

#include <kvt/numeric/bca.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/mt19937_stream.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

KVT_DECL void check(bootstrap const& rule, std::span<double const> values) {
    if (rule.resamples < 1 || rule.resamples > 10'000'000)
        throw error{error_kind::usage, "bootstrap.resamples", "out of range", "1 to 10000000"};
    if (!(rule.alpha >= 0 && rule.alpha <= 1))
        throw error{error_kind::usage, "bootstrap.alpha", "out of range", "0 to 1"};
    for (double const v : values)
        if (!std::isfinite(v)) throw error{error_kind::usage, "bootstrap", "a value is not finite"};
}

/// The reference's resamples: one stream for every list, whatever its label.
KVT_DECL void resample_as_reference(strata groups, mt19937_stream stream, std::span<double> out) {
    for (double& average : out) {
        double means = 0;
        for (auto const group : groups) {
            auto const n = static_cast<std::uint32_t>(group.size());
            double total = 0;
            for (std::uint32_t i = 0; i < n; ++i) total += group[stream.below(n)];
            means += total / static_cast<double>(n);
        }
        average = means / static_cast<double>(groups.size());
    }
}

}  // namespace detail

KVT_DECL std::vector<double> bootstrap::means(strata groups, std::string_view label) const {
    bool empty = groups.empty();
    for (auto const group : groups) detail::check(*this, group), empty = empty || group.empty();
    if (empty) return {};
    std::vector<double> out(static_cast<std::size_t>(resamples));
    if (rng == generator::mt19937) detail::resample_as_reference(groups, mt19937_stream::keyed(seed), out);
    else {
        random_stream stream{seed, label};
        mean_resampler{groups}(stream, out);
    }
    return out;
}

KVT_DECL std::vector<double> bootstrap::means(std::span<double const> values, std::string_view label) const {
    return means(strata{&values, 1}, label);
}

KVT_DECL std::pair<std::size_t, std::size_t> bootstrap::positions() const {
    return replicate_positions(static_cast<std::size_t>(resamples), alpha / 2, 1 - alpha / 2);
}

KVT_DECL std::optional<interval> bootstrap::mean(std::span<double const> values, std::string_view label) const {
    return mean_of_means({&values, 1}, label);
}

KVT_DECL std::optional<interval> bootstrap::mean_of_means(strata groups, std::string_view label) const {
    auto drawn = means(groups, label);
    if (drawn.empty()) return std::nullopt;
    return replicate_interval(drawn, {alpha / 2, 1 - alpha / 2});
}

}  // namespace kvt::inline KVT_ABI::numeric
