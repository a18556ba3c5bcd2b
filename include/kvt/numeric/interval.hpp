// interval_rule: how sure we are of a mean. The contract, and the textbook normal interval as its plain model.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/core/stage.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/normal.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// A closed range of plausible values.
struct interval {
    double low = 0, high = 0;
    friend bool operator==(interval const&, interval const&) = default;
};
KVT_RECORD(interval, low, high);

/// Gives an interval for the mean of `values`, null for none. `label` names the place in the experiment (a run and a
/// bin), so that a rule which draws random numbers gives that place its own stream; equal input and label give equal
/// bits. Satisfied by `normal_interval` and `bootstrap`.
template <class R> concept interval_rule =
    named<R> && record<R> && requires(R const& rule, std::span<double const> values, std::string_view label) {
        { rule.mean(values, label) } -> std::same_as<std::optional<interval>>;
    };

/// mean ± z·s/√n with s the sample's standard deviation: right for many values of any shape, too narrow for few.
struct normal_interval {
    static constexpr std::string_view name = "normal";
    double alpha = 0.05;  ///< one minus the coverage

    [[nodiscard]] std::optional<interval> mean(std::span<double const> values, std::string_view = {}) const {
        auto const centre = numeric::mean(values);
        if (!centre) return std::nullopt;
        double const error_of_mean = sample_std(values).value_or(0) / std::sqrt(static_cast<double>(values.size()));
        double const half = normal_quantile(1 - alpha / 2) * error_of_mean;
        return interval{*centre - half, *centre + half};
    }
};
KVT_RECORD(normal_interval, alpha);

/// The differences a[i] - b[i] of paired values; throws `error{usage}` where the lengths differ.
[[nodiscard]] inline std::vector<double> differences(std::span<double const> a, std::span<double const> b) {
    if (a.size() != b.size()) throw error{error_kind::usage, "paired difference", "the two sides differ in length"};
    std::vector<double> d(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) d[i] = a[i] - b[i];
    return d;
}

/// An interval for mean(a[i] - b[i]): the pairs stay together, so what a and b share does not widen it.
template <interval_rule R>
[[nodiscard]] std::optional<interval> paired_difference(R const& rule, std::span<double const> a,
                                                        std::span<double const> b, std::string_view label) {
    return rule.mean(differences(a, b), label);
}

}  // namespace kvt::inline KVT_ABI::numeric
