// Receipts: what was kept of a request's KV cache, per layer and head, chained to model, prompt and configuration.
#pragma once

#include <kvt/cache/budget.hpp>
#include <kvt/core/json.hpp>

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

/// One request.
struct receipt {
    std::string policy;              ///< with its dialect, for instance `snapkv@paper`
    json parameters;                 ///< of the policy, all of them
    double budget = 1;               ///< as asked for
    budget_mode mode = budget_mode::prompt;
    question_mode question = question_mode::query_aware;
    std::int64_t prompt_tokens = 0;  ///< entries a full cache would hold, per layer and head
    std::int64_t compacted_tokens = 0;  ///< of these, the ones the budget was applied to
    std::int64_t bits = 32;          ///< per stored element
    std::int64_t bytes_full = 0;     ///< of the full KV-head cache of the compacted tokens
    std::int64_t bytes_kept = 0;     ///< allocated after compaction; equals the sum over heads
    std::vector<head_receipt> heads;
    std::string model_hash;          ///< SHA-256 of the weights
    std::string prompt_hash;         ///< SHA-256 of the prompt's token ids
    std::string config_hash;         ///< SHA-256 of policy, parameters, budget, modes and seed
    std::string hash;                ///< SHA-256 over all of the above in canonical JSON
};
KVT_RECORD(receipt, policy, parameters, budget, mode, question, prompt_tokens, compacted_tokens, bits, bytes_full,
           bytes_kept, heads, model_hash, prompt_hash, config_hash, hash);

}  // namespace kvt::inline KVT_ABI::cache
