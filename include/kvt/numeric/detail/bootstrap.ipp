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

/// The reference's resamples: one stream for every list, whatever its label.
KVT_DECL void reference_means(std::span<double const> values, std::int64_t seed, std::span<double> out) {
    mt19937_reference stream{seed};
    auto const n = static_cast<std::uint32_t>(values.size());
    for (double& average : out) {
        double total = 0;
        for (std::uint32_t i = 0; i < n; ++i) total += values[stream.below(n)];
        average = total / static_cast<double>(n);
    }
}

}  // namespace detail

KVT_DECL void resample_means(std::span<double const> values, random_stream stream, std::span<double> out) {
    auto const n = values.size();
    for (double& average : out) {
        double total = 0;
        for (std::size_t i = 0; i < n; ++i) total += values[stream.below(n)];
        average = total / static_cast<double>(n);
    }
}

KVT_DECL std::vector<double> bootstrap::means(std::span<double const> values, std::string_view label) const {
    detail::check(*this, values);
    if (values.empty()) return {};
    std::vector<double> out(static_cast<std::size_t>(resamples));
    if (rng == generator::mt19937) detail::reference_means(values, seed, out);
    else resample_means(values, random_stream{seed, label}, out);
    return out;
}

KVT_DECL std::pair<std::size_t, std::size_t> bootstrap::positions() const {
    double const b = static_cast<double>(resamples);
    auto const last = static_cast<std::size_t>(resamples - 1);
    auto const at = [&](double position) { return std::min(static_cast<std::size_t>(position), last); };
    return {at(alpha / 2 * b), at((1 - alpha / 2) * b)};
}

KVT_DECL std::optional<interval> bootstrap::mean(std::span<double const> values, std::string_view label) const {
    auto sorted = means(values, label);
    if (sorted.empty()) return std::nullopt;
    std::ranges::sort(sorted);
    auto const [low, high] = positions();
    return interval{sorted[low], sorted[high]};
}

}  // namespace kvt::inline KVT_ABI::numeric
