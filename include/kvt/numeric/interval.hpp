// interval_rule: how sure we are of a mean. The contract, and the textbook normal interval as its plain model.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/core/stage.hpp>

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

/// Values in groups that were sampled apart, such as one list a length bin.
using strata = std::span<std::span<double const> const>;

/// Gives an interval for the mean of `values`, and one for the unweighted mean of the means of several groups, each of
/// them sampled by itself; null where there is nothing, or a group is empty. One group is the plain mean. `label` names
/// the place in the experiment (a run and a bin), so that a rule which draws random numbers gives that place its own
/// stream; equal input and label give equal bits. Satisfied by `normal_interval`, `bootstrap`, `interval_view`.
template <class R>
concept interval_rule = named<R> && record<R> &&
    requires(R const& rule, std::span<double const> values, strata groups, std::string_view label) {
    { rule.mean(values, label) } -> std::same_as<std::optional<interval>>;
    { rule.mean_of_means(groups, label) } -> std::same_as<std::optional<interval>>;
};

/// The unweighted mean of the groups' means; null where there is nothing, or a group is empty.
[[nodiscard]] std::optional<double> mean_of_means(strata groups);

/// mean ± z·s/√n with s the sample's standard deviation: right for many values of any shape, too narrow for few.
struct normal_interval {
    static constexpr std::string_view name = "normal";
    double alpha = 0.05;  ///< one minus the coverage

    [[nodiscard]] std::optional<interval> mean(std::span<double const> values, std::string_view label = {}) const {
        return mean_of_means({&values, 1}, label);
    }
    [[nodiscard]] std::optional<interval> mean_of_means(strata groups, std::string_view = {}) const;
};
KVT_RECORD(normal_interval, alpha);

/// Any interval rule by reference, for code that is compiled once; the rule must outlive it.
class interval_view {
  public:
    static constexpr std::string_view name = "interval_view";

    template <interval_rule R>
        requires(!std::same_as<R, interval_view>)
    explicit interval_view(R const& rule)
        : rule_{&rule}, mean_of_means_{[](void const* self, strata groups, std::string_view label) {
              return static_cast<R const*>(self)->mean_of_means(groups, label);
          }} {}

    [[nodiscard]] std::optional<interval> mean(std::span<double const> values, std::string_view label) const {
        return mean_of_means({&values, 1}, label);
    }
    [[nodiscard]] std::optional<interval> mean_of_means(strata groups, std::string_view label) const {
        return mean_of_means_(rule_, groups, label);
    }

  private:
    void const* rule_;
    std::optional<interval> (*mean_of_means_)(void const*, strata, std::string_view);
};
KVT_EMPTY_RECORD(interval_view);

/// The differences a[i] - b[i] of paired values; throws `error{usage}` where the lengths differ.
[[nodiscard]] std::vector<double> differences(std::span<double const> a, std::span<double const> b);

/// An interval for mean(a[i] - b[i]): the pairs stay together, so what a and b share does not widen it.
template <interval_rule R>
[[nodiscard]] std::optional<interval> paired_difference(R const& rule, std::span<double const> a,
                                                        std::span<double const> b, std::string_view label) {
    return rule.mean(differences(a, b), label);
}

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/interval.ipp>
#endif
