// The budget: a fraction of the bytes of a prompt's full KV cache, turned into integer slots without a remainder.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>
#include <span>
#include <string_view>
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
void check_budget(double budget, std::string_view where = "kv.budget");

/// Rounds to the nearest integer, halves to even (x >= 0), whatever the floating-point environment says.
[[nodiscard]] std::int64_t round_half_even(double x);

/// Entries that a budget allows over all lists (a list: the entries of one KV head in one layer) of `tokens` tokens.
[[nodiscard]] std::int64_t total_slots(double budget, std::int64_t tokens, std::int64_t lists);

/// Shares out `total` by weight: everyone gets the floor of his quota, the rest goes to the largest fractions, ties to
/// the lower index, so that the shares sum to `total` exactly (largest remainder, Hamilton's method). Weights are at
/// least 0 and not all 0.
[[nodiscard]] std::vector<std::int64_t> apportion(std::int64_t total, std::span<double const> weights);

/// Slots of every list, layer by layer, head by head. They sum to `total_slots`, so nominal minus stored is 0; all
/// quotas are equal, so the first `total mod lists` lists hold one entry more than the others.
[[nodiscard]] std::vector<std::int64_t> distribute(double budget, std::int64_t tokens, std::int64_t layers,
                                                   std::int64_t kv_heads);

/// Payload bytes of `entries` cache entries: one key and one value of `head_dim` elements each.
[[nodiscard]] constexpr std::int64_t payload_bytes(std::int64_t entries, std::int64_t head_dim, std::int64_t bits) {
    return entries * 2 * head_dim * bits / 8;
}

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/budget.ipp>
#endif
