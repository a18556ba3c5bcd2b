// Definitions of numeric/bootstrap.hpp.
#pragma once

#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/mt19937_reference.hpp>

#include <algorithm>
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

/// Draws each group anew, averages it in draw order, and averages the groups: the plain loop that defines the result.
template <class Index, class Stream> void resample(strata groups, Stream stream, std::span<double> out) {
    for (double& average : out) {
        double means = 0;
        for (auto const group : groups) {
            auto const n = static_cast<Index>(group.size());
            double total = 0;
            for (Index i = 0; i < n; ++i) total += group[stream.below(n)];
            means += total / static_cast<double>(n);
        }
        average = means / static_cast<double>(groups.size());
    }
}

}  // namespace detail

KVT_DECL void resample_means(std::span<double const> values, random_stream stream, std::span<double> out) {
    detail::resample<std::size_t>({&values, 1}, stream, out);
}

KVT_DECL std::vector<double> bootstrap::means(strata groups, std::string_view label) const {
    bool empty = groups.empty();
    for (auto const group : groups) detail::check(*this, group), empty = empty || group.empty();
    if (empty) return {};
    std::vector<double> out(static_cast<std::size_t>(resamples));
    if (rng == generator::mt19937)  // the reference's resamples: one stream for every list, whatever its label
        detail::resample<std::uint32_t>(groups, mt19937_reference{seed}, out);
    else detail::resample<std::size_t>(groups, random_stream{seed, label}, out);
    return out;
}

KVT_DECL std::vector<double> bootstrap::means(std::span<double const> values, std::string_view label) const {
    return means(strata{&values, 1}, label);
}

KVT_DECL std::pair<std::size_t, std::size_t> bootstrap::positions() const {
    double const b = static_cast<double>(resamples);
    auto const last = static_cast<std::size_t>(resamples - 1);
    auto const at = [&](double position) { return std::min(static_cast<std::size_t>(position), last); };
    return {at(alpha / 2 * b), at((1 - alpha / 2) * b)};
}

KVT_DECL std::optional<interval> bootstrap::mean(std::span<double const> values, std::string_view label) const {
    return mean_of_means({&values, 1}, label);
}

KVT_DECL std::optional<interval> bootstrap::mean_of_means(strata groups, std::string_view label) const {
    auto sorted = means(groups, label);
    if (sorted.empty()) return std::nullopt;
    std::ranges::sort(sorted);
    auto const [low, high] = positions();
    return interval{sorted[low], sorted[high]};
}

}  // namespace kvt::inline KVT_ABI::numeric
