// Receipts: what was kept of a request's KV cache, per layer and head, chained to model, prompt and configuration.
#pragma once

#include <kvt/cache/budget.hpp>
#include <kvt/core/json.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// One layer and KV head.
struct head_receipt {
    std::int64_t layer = 0;
    std::int64_t kv_head = 0;
    std::vector<std::int64_t> position_deltas;  ///< retained prompt positions: the first, then differences (all > 0)
    std::int64_t slots = 0;                     ///< entries kept of the prompt
    std::int64_t bytes = 0;                     ///< payload bytes of keys and values of these slots
};
KVT_RECORD(head_receipt, layer, kv_head, position_deltas, slots, bytes);

/// One request: the state of its cache right after compaction, as read back from the cache itself.
struct receipt {
    std::string policy;  ///< with its dialect, for instance `snapkv@paper`
    json parameters;     ///< of the policy, all of them
    double budget = 1;   ///< as asked for
    budget_mode mode = budget_mode::prompt;
    question_mode question = question_mode::query_aware;
    std::int64_t seed = 0;           ///< of policies that draw
    std::string item;                ///< the name of the prompt in their random streams
    std::string adjustment;          ///< what the policy did differently because the budget was small; empty: nothing
    std::int64_t prompt_tokens = 0;  ///< entries a full cache would hold, per layer and head
    std::int64_t compacted_tokens = 0;  ///< of these, the ones the budget was applied to
    std::int64_t head_dim = 0;
    std::int64_t bits = 32;       ///< per stored element
    std::int64_t bytes_full = 0;  ///< of the full KV-head cache of the compacted tokens
    std::int64_t bytes_kept = 0;  ///< allocated after compaction; equals the sum over heads
    std::int64_t bytes_peak = 0;  ///< most that was allocated from compaction to the last token
    std::vector<head_receipt> heads;
    std::string model_hash;   ///< SHA-256 of the model, as its engine describes it
    std::string prompt_hash;  ///< SHA-256 of the prompt's token ids, see `hash_tokens`
    std::string config_hash;  ///< SHA-256 of policy, parameters, budget, modes, seed and item, see `hash_terms`
    std::string hash;         ///< SHA-256 over all of the above in canonical JSON
};
KVT_RECORD(receipt, policy, parameters, budget, mode, question, seed, item, adjustment, prompt_tokens, compacted_tokens,
           head_dim, bits, bytes_full, bytes_kept, bytes_peak, heads, model_hash, prompt_hash, config_hash, hash);

/// Positions as first and differences, and back. `from_deltas` makes no checks.
[[nodiscard]] std::vector<std::int64_t> to_deltas(std::span<std::int32_t const> positions);
[[nodiscard]] std::vector<std::int64_t> from_deltas(std::span<std::int64_t const> deltas);

/// SHA-256 over the ids in decimal, separated by commas.
[[nodiscard]] std::string hash_tokens(std::span<std::int32_t const> ids);
/// SHA-256 over what was asked for, as canonical JSON.
[[nodiscard]] std::string hash_terms(receipt const& r);
/// SHA-256 over everything but `hash`, as canonical JSON.
[[nodiscard]] std::string hash_receipt(receipt const& r);

/// A receipt as it is stored: canonical JSON, one text for one receipt.
[[nodiscard]] std::string receipt_text(receipt const& r);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/receipt.ipp>
#endif
