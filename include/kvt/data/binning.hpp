// Length bins: the binning contract, quantile edges and the assignment to closed intervals (spec F1, F2).
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/data/fault.hpp>

#include <concepts>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// A closed interval of token lengths; bin 0 holds the shortest prompts.
struct bin_edge {
    std::int64_t bin_idx = 0, token_min = 0, token_max = 0;

    friend bool operator==(bin_edge const&, bin_edge const&) = default;
};
KVT_RECORD(bin_edge, bin_idx, token_min, token_max);

/// Draws bins over lengths: at least one, numbered from 0, in ascending order, every time the same ones. Throws
/// `data_error{empty_input}` without lengths. Satisfied by `quantile_bins` and `fixed_bins`.
template <class B>
concept binning = record<B> && named<B> && requires(B const& b, std::span<std::int64_t const> lengths) {
    { b.edges(lengths) } -> std::same_as<std::vector<bin_edge>>;
};

/// As many lengths in every bin as ties allow: the sorted lengths are cut into `n_bins` runs, and a bin reaches from its
/// run's first to its last length. With fewer lengths than bins the surplus bins repeat the last length and stay empty.
/// The cuts are products in double, truncated; exact division would place some of them elsewhere.
struct quantile_bins {
    static constexpr std::string_view name = "quantile";
    static constexpr std::int64_t most_bins = 10'000;
    std::int64_t n_bins = 5;

    /// Throws `data_error{empty_input|bad_n_bins}`, in this order.
    [[nodiscard]] std::vector<bin_edge> edges(std::span<std::int64_t const> lengths) const;
};
KVT_RECORD(quantile_bins, n_bins);

/// The bin of a length: the lowest one that contains it; where none does, the first below all bins, the last above them,
/// else the one with the nearest end, ties to the lower. `edges` must not be empty. All copies of a tied length share a
/// bin, so a bin may stay empty.
[[nodiscard]] std::int64_t bin_of(std::span<bin_edge const> edges, std::int64_t length);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/binning.ipp>
#endif
