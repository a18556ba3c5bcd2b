// The budget: a fraction of the bytes of a prompt's full KV cache, turned into integer slots without a remainder.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/record.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// When the budget binds. `prompt`: once, at the end of prefill; the answer's entries are added and stay.
/// `capped`: at every step; never more entries than the prompt's budget. `ratio_tracking`: at every step; never more
/// than the fraction of all tokens seen so far.
enum class budget_mode : std::uint8_t { prompt, capped, ratio_tracking };
KVT_CHOICE(budget_mode, "prompt", "capped", "ratio_tracking");

/// Whether the policy may look at the question when it chooses. `query_aware`: the question is part of the compacted
/// prompt. `query_agnostic`: the context is compacted first, the question is appended after and kept whole: its entries
/// are outside the budget in every mode.
enum class question_mode : std::uint8_t { query_aware, query_agnostic };
KVT_CHOICE(question_mode, "query_aware", "query_agnostic");

/// Refuses a budget outside (0, 1]; `where` names the key it came from.
inline void check_budget(double budget, std::string_view where = "kv.budget") {
    if (!(budget > 0 && budget <= 1))
        throw error{error_kind::usage, std::string{where}, "a budget of " + std::to_string(budget),
                    "a fraction of the full cache in (0, 1]"};
}

/// Rounds to the nearest integer, halves to even (x >= 0), whatever the floating-point environment says.
[[nodiscard]] inline std::int64_t round_half_even(double x) {
    double const below = std::floor(x);
    auto const whole = static_cast<std::int64_t>(below);
    double const rest = x - below;
    return rest > 0.5 || (rest == 0.5 && whole % 2 != 0) ? whole + 1 : whole;
}

/// Entries that a budget allows over all lists (a list: the entries of one KV head in one layer) of `tokens` tokens.
[[nodiscard]] inline std::int64_t total_slots(double budget, std::int64_t tokens, std::int64_t lists) {
    return round_half_even(budget * static_cast<double>(tokens * lists));
}

/// Shares out `total` by weight: everyone gets the floor of his quota, the rest goes to the largest fractions, ties to
/// the lower index, so that the shares sum to `total` exactly (largest remainder, Hamilton's method). Weights are at
/// least 0 and not all 0.
[[nodiscard]] inline std::vector<std::int64_t> apportion(std::int64_t total, std::span<double const> weights) {
    double const sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::int64_t> shares(weights.size());
    std::vector<double> fractions(weights.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        double const quota = static_cast<double>(total) * (weights[i] / sum);
        shares[i] = static_cast<std::int64_t>(std::floor(quota));
        fractions[i] = quota - std::floor(quota);
        given += shares[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return fractions[a] > fractions[b]; });
    // Rounding in the quotas can leave the floors one too high or low; the walk gives or takes in the same order.
    for (std::size_t i = 0; given < total; i = (i + 1) % order.size()) ++shares[order[i]], ++given;
    for (std::size_t i = order.size(); given > total; i = i == 1 ? order.size() : i - 1)
        if (shares[order[i - 1]] > 0) --shares[order[i - 1]], --given;
    return shares;
}

/// Slots of every list, layer by layer, head by head. They sum to `total_slots`, so nominal minus stored is 0; all
/// quotas are equal, so the first `total mod lists` lists hold one entry more than the others.
[[nodiscard]] inline std::vector<std::int64_t> distribute(double budget, std::int64_t tokens, std::int64_t layers,
                                                          std::int64_t kv_heads) {
    std::int64_t const lists = layers * kv_heads;
    std::int64_t const total = total_slots(budget, tokens, lists);
    std::vector<std::int64_t> slots(static_cast<std::size_t>(lists), total / lists);
    for (std::int64_t i = 0; i < total % lists; ++i) ++slots[static_cast<std::size_t>(i)];
    return slots;
}

/// Payload bytes of `entries` cache entries: one key and one value of `head_dim` elements each.
[[nodiscard]] constexpr std::int64_t payload_bytes(std::int64_t entries, std::int64_t head_dim, std::int64_t bits) {
    return entries * 2 * head_dim * bits / 8;
}

}  // namespace kvt::inline KVT_ABI::cache
