// range_policy: from a tensor's groups and the ranges they start with to the ranges they are stored with.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/quant/group_error.hpp>
#include <kvt/quant/grouped_values.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The ranges and what there is to say about them. Both metrics are of the ranges before and after; lists are empty where
/// the policy does not measure them.
struct refined {
    std::vector<value_range> ranges{};
    double headline_before = 1, headline_after = 1, bounded_before = 1, bounded_after = 1;
    bool changed = false, improved = false;         ///< improved: the bounded score rose
    std::string note{};                             ///< why the ranges are the ones it started with
    std::vector<double> blends{};                   ///< share of the smoothed range, by group
    std::vector<double> mse_before{}, mse_after{};  ///< by group
    std::int64_t sweeps = 0;
    std::vector<double> objective{};  ///< at the start, then after every sweep
    std::optional<double> markov_before{}, markov_after{};
};
KVT_RECORD(refined, ranges, headline_before, headline_after, bounded_before, bounded_after, changed, improved, note,
           blends, mse_before, mse_after, sweeps, objective, markov_before, markov_after);

/// How a policy that reads values judges a candidate. `exact`: all of them, every time, with parameters as they are stored. `histogram`: a histogram of each
/// group, and one exact pass in which the result must do no worse than the start, or the start is returned. `estimate`:
/// the histogram alone.
enum class evaluation : std::uint8_t { exact, histogram, estimate };
KVT_CHOICE(evaluation, "exact", "histogram", "estimate");

/// A policy that decides the ranges of one tensor. Its parameters are its public fields; `check` throws where one is not
/// usable. Deterministic. The call throws what `grouped_values::check` throws, `length_mismatch` unless there is one
/// range a group, `invalid_scale` for a range that is none, and `non_finite_input` where it reads values that are not
/// finite.
/// Satisfied by `min_max_ranges` (this header), `sequential_smoothing`, `kernel_smoothing`, `range_search`,
/// `coordinate_descent` and `finite_difference_ranges`.
template <class P>
concept range_policy = named<P> && record<P> &&
    requires(P const& p, grouped_values const& tensor, std::span<value_range const> start) {
    { p.check() } -> std::same_as<void>;
    { p(tensor, start) } -> std::same_as<refined>;
};

/// A result that is still the start, with its metrics; checks tensor and ranges.
[[nodiscard]] refined start_from(grouped_values const& tensor, std::span<value_range const> start);
/// Puts other ranges into a result and compares: metrics after, whether they changed and improved.
void settle(refined& result, std::vector<value_range> ranges, std::int32_t bits);

/// The ranges as they are: the baseline that every other policy is compared with.
struct min_max_ranges {
    static constexpr std::string_view name = "min_max";

    void check() const {}
    [[nodiscard]] refined operator()(grouped_values const& tensor, std::span<value_range const> start) const {
        return start_from(tensor, start);
    }
};
KVT_EMPTY_RECORD(min_max_ranges);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/range_policy.ipp>
#endif
