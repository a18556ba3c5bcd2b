// Which rows become entries: caps, then pins, slices, a number a bin, or more around focus bins (spec F3, F4).
#pragma once

#include <kvt/data/binning.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// The first `n` rows not yet taken of a window of lengths, given in percentiles of the rows' lengths or in tokens.
struct slice {
    std::string name{};
    std::int64_t n = 0;
    std::optional<double> min_pct{}, max_pct{};              ///< missing: 0 and 100
    std::optional<std::int64_t> min_tokens{}, max_tokens{};  ///< missing: 0 and the greatest length
};
KVT_RECORD(slice, name, n, min_pct, max_pct, min_tokens, max_tokens);

/// More entries in the bins within `focus_radius_bins` of a focus bin; focus bins that do not exist are ignored.
struct focus {
    std::vector<std::int64_t> focus_bins{};
    std::int64_t focus_radius_bins = 0;
    std::int64_t base_n_per_bin = 1, focus_n_per_bin = 1;
};
KVT_RECORD(focus, focus_bins, focus_radius_bins, base_n_per_bin, focus_n_per_bin);

/// How rows are chosen. The first that applies: pins, slices, focus, `n_per_bin` rows a bin.
struct sampling {
    std::optional<std::int64_t> n_per_bin = 5;
    std::optional<std::int64_t> seed{};                ///< orders rows within a bin; null: shortest first
    std::optional<std::int64_t> max_token_len{};       ///< drops longer rows before the bins are drawn
    std::optional<std::int64_t> max_prompt_tokens{};   ///< drops longer rows after it
    std::vector<std::int64_t> pinned_entry_indices{};  ///< row numbers among those that survive the caps
    std::vector<slice> sanity_slices{};
    std::optional<data::focus> focus{};
};
KVT_RECORD(sampling, n_per_bin, seed, max_token_len, max_prompt_tokens, pinned_entry_indices, sanity_slices, focus);

/// A chosen row and its bin.
struct chosen_row {
    std::size_t row = 0;
    std::int64_t bin_idx = 0;
};

/// The entries in order, the bins they were drawn from, and what was recorded as the number a bin: the configured one,
/// the number of entries (pins, slices) or the greatest number in a bin (focus, which also gives the number of each bin).
struct selection {
    std::vector<bin_edge> edges;
    std::vector<chosen_row> rows;
    std::int64_t n_per_bin = 0;
    std::vector<std::int64_t> per_bin_n;
};

/// What orders rows within a bin when there is a seed: SHA-256 of `<seed>:<example_id>` in hex.
[[nodiscard]] std::string order_key(std::int64_t seed, std::string_view example_id);

namespace detail {
/// Rows no longer than the cap; all where there is none. Throws `data_error{bad_cap|all_filtered}`.
[[nodiscard]] std::vector<std::size_t> within(std::vector<std::size_t> rows, std::span<std::int64_t const> lengths,
                                              std::optional<std::int64_t> cap, std::string_view key);
[[nodiscard]] std::vector<std::size_t> all_rows(std::size_t n);
void check_enough(sampling const& how, std::size_t survivors, std::size_t n_bins);
[[nodiscard]] selection choose(sampling const& how, std::span<std::string_view const> ids,
                               std::span<std::int64_t const> lengths, std::vector<std::size_t> rows,
                               std::vector<bin_edge> edges);
}  // namespace detail

/// Caps, bins and chooses, in the order of spec F3. `ids` and `lengths` run parallel. Throws `data_error` with the code of
/// the rule that cannot be met.
template <binning B>
[[nodiscard]] selection select(sampling const& how, B const& bins, std::span<std::string_view const> ids,
                               std::span<std::int64_t const> lengths) {
    auto rows = detail::within(detail::all_rows(lengths.size()), lengths, how.max_token_len, "binning.max_token_len");
    std::vector<std::int64_t> kept;
    for (auto row : rows) kept.push_back(lengths[row]);
    auto edges = bins.edges(kept);
    detail::check_enough(how, kept.size(), edges.size());
    return detail::choose(how, ids, lengths, std::move(rows), std::move(edges));
}

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/sampling.ipp>
#endif
