// finite_difference_ranges: the published optimizer as a range policy, so that it can stand beside the others.
#pragma once

#include <kvt/quant/finite_difference.hpp>
#include <kvt/quant/range_policy.hpp>

namespace kvt::inline KVT_ABI::quant {

/// `finite_difference` from and to ranges: its four codes -2..1 reach from `lo` to `hi` where `s = (hi - lo) / 3` and
/// `z = lo + 2 s`. At two bits these are the codes that the ranges are stored with; at other widths it still decides as if
/// there were four, as published, and the ranges are cut finer than it knew. Its groups are blocks of N / G values,
/// whatever the bounds are. `sweeps` are its iterations, `objective` its losses; ranges stay where the first evaluation
/// was the best one, and where a group has no width. A control, and slow: see `coordinate_descent`.
struct finite_difference_ranges {
    static constexpr std::string_view name = "finite_difference";
    finite_difference rule{};

    void check() const { rule.check(); }
    [[nodiscard]] refined operator()(grouped_values const& tensor, std::span<value_range const> start) const;
};
KVT_RECORD(finite_difference_ranges, rule);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/finite_difference_ranges.ipp>
#endif
