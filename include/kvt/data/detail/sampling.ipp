#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/data/sampling.hpp>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace kvt::inline KVT_ABI::data {

KVT_DECL std::string order_key(std::int64_t seed, std::string_view example_id) {
    return sha256_hex(std::to_string(seed) + ":" + std::string{example_id});
}

namespace detail {

[[noreturn]] KVT_DECL void refuse(fault code, std::string where, std::string problem, std::string expected = {}) {
    throw data_error{code, std::move(where), std::move(problem), std::move(expected), error_kind::usage};
}

KVT_DECL std::vector<std::size_t> all_rows(std::size_t n) {
    std::vector<std::size_t> rows(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

KVT_DECL std::vector<std::size_t> within(std::vector<std::size_t> rows, std::span<std::int64_t const> lengths,
                                         std::optional<std::int64_t> cap, std::string_view key) {
    if (!cap) return rows;
    if (*cap < 1) refuse(fault::bad_cap, std::string{key}, std::to_string(*cap), "a length above 0");
    std::erase_if(rows, [&](std::size_t row) { return lengths[row] > *cap; });
    if (rows.empty())
        refuse(fault::all_filtered, std::string{key}, "every row is longer than " + std::to_string(*cap) + " tokens");
    return rows;
}

KVT_DECL void check_enough(sampling const& how, std::size_t survivors, std::size_t n_bins) {
    bool const uniform = how.pinned_entry_indices.empty() && how.sanity_slices.empty() && !how.focus;
    if (!how.max_token_len || !uniform || !how.n_per_bin) return;
    if (static_cast<double>(survivors) < static_cast<double>(n_bins) * static_cast<double>(*how.n_per_bin))
        refuse(fault::too_few_after_cap, "binning.max_token_len",
               std::to_string(survivors) + " rows are left for " + std::to_string(n_bins) + " bins of " +
                   std::to_string(*how.n_per_bin),
               "a greater cap, or fewer entries");
}

/// The rows that survived, in file order, with what the rules look at.
struct candidates {
    sampling const& how;
    std::span<std::string_view const> ids;
    std::span<std::int64_t const> lengths;
    std::vector<std::size_t> rows;
    std::vector<bin_edge> const& edges;

    [[nodiscard]] bool shorter(std::size_t a, std::size_t b) const {
        return std::tie(lengths[a], ids[a]) < std::tie(lengths[b], ids[b]);
    }
    [[nodiscard]] std::vector<std::size_t> by_pins() const;
    [[nodiscard]] std::vector<std::size_t> by_slices() const;
    /// Per bin the first `count(bin)` rows.
    template <class Count> [[nodiscard]] std::vector<std::size_t> by_bins(Count count) const;
    void order(std::vector<std::size_t>& bin, std::size_t n) const;
};

KVT_DECL std::vector<std::size_t> candidates::by_pins() const {
    auto pins = how.pinned_entry_indices;
    std::sort(pins.begin(), pins.end());
    std::vector<std::size_t> out;
    std::string const key = "dataset.pinned_entry_indices";
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (i > 0 && pins[i] == pins[i - 1]) refuse(fault::pin_duplicate, key, std::to_string(pins[i]) + " occurs twice");
        if (pins[i] < 0 || static_cast<std::size_t>(pins[i]) >= rows.size())
            refuse(fault::pin_range, key, std::to_string(pins[i]) + " is no row",
                   "0.." + std::to_string(rows.size() - 1) + ", the rows within the caps");
        out.push_back(rows[static_cast<std::size_t>(pins[i])]);
    }
    return out;
}

KVT_DECL std::vector<std::size_t> candidates::by_slices() const {
    auto sorted = rows;
    std::sort(sorted.begin(), sorted.end(), [this](auto a, auto b) { return shorter(a, b); });
    auto const percentile = [&](double p) {
        auto const last = sorted.size() - 1;
        auto const i = p <= 0 ? 0 : p >= 100 ? last : static_cast<std::size_t>(static_cast<double>(last) * p / 100);
        return lengths[sorted[i]];
    };
    std::vector<std::uint8_t> taken(sorted.size(), 0);
    std::vector<std::size_t> out;
    for (std::size_t s = 0; s < how.sanity_slices.size(); ++s) {
        auto const& rule = how.sanity_slices[s];
        auto const key = "dataset.sanity_slices[" + std::to_string(s) + "]" + (rule.name.empty() ? "" : " " + rule.name);
        bool const by_percent = rule.min_pct || rule.max_pct, by_tokens = rule.min_tokens || rule.max_tokens;
        if (rule.n < 1) refuse(fault::slice_n, key, "n is " + std::to_string(rule.n), "at least 1");
        if (by_percent && by_tokens) refuse(fault::slice_both, key, "bounds in percent and in tokens", "one of them");
        if (!by_percent && !by_tokens) refuse(fault::slice_none, key, "no bounds", "min_pct, max_pct, min_tokens or max_tokens");
        auto const low = by_percent ? percentile(rule.min_pct.value_or(0)) : rule.min_tokens.value_or(0);
        auto const high = by_percent ? percentile(rule.max_pct.value_or(100))
                                     : rule.max_tokens.value_or(lengths[sorted.back()]);
        std::int64_t found = 0;
        for (std::size_t i = 0; i < sorted.size() && found < rule.n; ++i) {
            if (taken[i] != 0 || lengths[sorted[i]] < low || lengths[sorted[i]] > high) continue;
            taken[i] = 1;
            out.push_back(sorted[i]);
            ++found;
        }
        if (found < rule.n)
            refuse(fault::slice_short, key,
                   std::to_string(found) + " rows of " + std::to_string(low) + ".." + std::to_string(high) +
                       " tokens are left",
                   std::to_string(rule.n));
    }
    return out;
}

KVT_DECL void candidates::order(std::vector<std::size_t>& bin, std::size_t n) const {
    auto const middle = bin.begin() + static_cast<std::ptrdiff_t>(n);
    if (!how.seed) {
        std::partial_sort(bin.begin(), middle, bin.end(), [this](auto a, auto b) { return shorter(a, b); });
        return;
    }
    std::vector<std::pair<std::string, std::size_t>> keyed;
    keyed.reserve(bin.size());
    for (auto row : bin) keyed.emplace_back(order_key(*how.seed, ids[row]), row);
    std::partial_sort(keyed.begin(), keyed.begin() + static_cast<std::ptrdiff_t>(n), keyed.end(),
                      [this](auto const& a, auto const& b) {
                          return std::tie(a.first, ids[a.second]) < std::tie(b.first, ids[b.second]);
                      });
    std::transform(keyed.begin(), keyed.end(), bin.begin(), [](auto const& k) { return k.second; });
}

template <class Count> std::vector<std::size_t> candidates::by_bins(Count count) const {
    std::vector<std::vector<std::size_t>> bins(edges.size());
    for (auto row : rows) bins[static_cast<std::size_t>(bin_of(edges, lengths[row]))].push_back(row);
    std::vector<std::size_t> out;
    for (std::size_t b = 0; b < bins.size(); ++b) {
        auto const n = std::min(bins[b].size(), static_cast<std::size_t>(count(static_cast<std::int64_t>(b))));
        order(bins[b], n);
        out.insert(out.end(), bins[b].begin(), bins[b].begin() + static_cast<std::ptrdiff_t>(n));
    }
    return out;
}

/// Throws where the focus rule makes no sense.
KVT_DECL void check_focus(focus const& rule) {
    std::string const key = "sampling.focus.";
    if (rule.focus_bins.empty()) refuse(fault::focus_bins, key + "focus_bins", "empty", "at least one bin");
    if (rule.base_n_per_bin < 1)
        refuse(fault::focus_base, key + "base_n_per_bin", std::to_string(rule.base_n_per_bin), "at least 1");
    if (rule.focus_n_per_bin < 1)
        refuse(fault::focus_n, key + "focus_n_per_bin", std::to_string(rule.focus_n_per_bin), "at least 1");
    if (rule.focus_radius_bins < 0)
        refuse(fault::focus_radius, key + "focus_radius_bins", std::to_string(rule.focus_radius_bins), "at least 0");
}

KVT_DECL selection choose(sampling const& how, std::span<std::string_view const> ids, std::span<std::int64_t const> lengths,
                          std::vector<std::size_t> rows, std::vector<bin_edge> edges) {
    rows = within(std::move(rows), lengths, how.max_prompt_tokens, "dataset.max_prompt_tokens");
    candidates const from{how, ids, lengths, std::move(rows), edges};
    std::vector<std::size_t> picked;
    selection out;
    if (!how.pinned_entry_indices.empty()) {
        picked = from.by_pins();
    } else if (!how.sanity_slices.empty()) {
        picked = from.by_slices();
    } else if (how.focus) {
        check_focus(*how.focus);
        picked = from.by_bins([&](std::int64_t bin) {
            bool const near = std::any_of(how.focus->focus_bins.begin(), how.focus->focus_bins.end(), [&](std::int64_t f) {
                return f >= 0 && f < static_cast<std::int64_t>(edges.size()) &&
                       (f > bin ? f - bin : bin - f) <= how.focus->focus_radius_bins;
            });
            return near ? how.focus->focus_n_per_bin : how.focus->base_n_per_bin;
        });
        out.per_bin_n.assign(edges.size(), 0);
    } else {
        if (how.n_per_bin.value_or(0) < 1) refuse(fault::n_per_bin, "dataset.n_per_bin", "missing or below 1", "at least 1");
        picked = from.by_bins([&](std::int64_t) { return *how.n_per_bin; });
        out.n_per_bin = *how.n_per_bin;
    }
    for (auto row : picked) out.rows.push_back({row, bin_of(edges, lengths[row])});
    for (auto const& row : out.rows)
        if (!out.per_bin_n.empty()) ++out.per_bin_n[static_cast<std::size_t>(row.bin_idx)];
    if (!out.per_bin_n.empty()) out.n_per_bin = *std::max_element(out.per_bin_n.begin(), out.per_bin_n.end());
    else if (out.n_per_bin == 0) out.n_per_bin = static_cast<std::int64_t>(out.rows.size());
    out.edges = std::move(edges);
    return out;
}

}  // namespace detail
}  // namespace kvt::inline KVT_ABI::data
