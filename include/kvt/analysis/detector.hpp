// detector: from a sweep's bin statistics to what they show. The contract, and the one that never fires.
#pragma once

#include <kvt/analysis/bin_stats.hpp>
#include <kvt/core/stage.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace kvt::inline KVT_ABI::analysis {

/// The runs of one policy, in any order; the largest budget is the baseline.
using curve = std::span<budget_stats const>;

/// The step down in budget at which accuracy falls; everything but `method` is null where none was found.
struct transition {
    std::optional<double> transition_budget{}, pre_budget{};  ///< after the fall; before it
    std::optional<double> acc_pre{}, acc_post{}, drop{};      ///< drop = acc_pre - acc_post
    std::optional<std::int64_t> transition_bin_idx{};         ///< the bin that fell most, among those measured at both
    std::string method{};

    [[nodiscard]] bool found() const { return transition_budget.has_value(); }
};
KVT_RECORD(transition, transition_budget, pre_budget, acc_pre, acc_post, drop, transition_bin_idx, method);

/// A policy that reads a curve and says what it shows, as a record that reports and stores print by its fields. Its
/// parameters are its public fields. The answer does not depend on the order of runs with different budgets, nor on
/// the order of bins; a curve without anything to show is an answer, not an error.
/// Satisfied by `mean_drop`, `baseline_drop`, `paired_bins`, `mean_drop_all`, `instability`, `no_detector`.
template <class D> concept detector = named<D> && record<D> && requires(D const& d, curve runs) {
    requires record<std::remove_cvref_t<decltype(d(runs))>>;
};

/// A detector that can be an experiment's headline: its answer is a transition, under its own name.
template <class D> concept transition_detector = detector<D> && requires(D const& d, curve runs) {
    { d(runs) } -> std::same_as<transition>;
};

/// Finds no transition in any curve.
struct no_detector {
    static constexpr std::string_view name = "none";
    [[nodiscard]] transition operator()(curve) const { return {.method = std::string{name}}; }
};
KVT_EMPTY_RECORD(no_detector);

}  // namespace kvt::inline KVT_ABI::analysis
