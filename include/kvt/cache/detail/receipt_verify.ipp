#pragma once

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/core/error.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::cache {

namespace detail {

/// The first thing wrong with one head's entry.
[[nodiscard]] KVT_DECL std::string head_problem(receipt const& r, head_receipt const& h, std::int64_t slots) {
    if (h.slots != slots)
        return "holds " + std::to_string(h.slots) + " slots where the budget gives " + std::to_string(slots);
    if (static_cast<std::int64_t>(h.position_deltas.size()) != h.slots)
        return "names another number of positions than slots";
    std::int64_t last = -1;
    for (std::size_t i = 0; i < h.position_deltas.size(); ++i) {
        std::int64_t const delta = h.position_deltas[i];
        if (delta < (i == 0 ? 0 : 1) || delta >= r.compacted_tokens) return "has positions that do not ascend";
        last = (i == 0 ? 0 : last) + delta;
        if (last >= r.compacted_tokens) return "has a position beyond the compacted tokens";
    }
    if (h.bytes != payload_bytes(h.slots, r.head_dim, r.bits)) return "claims bytes that its slots do not take";
    return {};
}

/// The most that can have been allocated by the end of an answer of so many tokens. Where the budget does not bind, lists
/// grow as `kv_cache::append` lets them: by an eighth, at least by 8.
[[nodiscard]] KVT_DECL std::int64_t most_bytes(receipt const& r, std::int64_t answer_tokens) {
    auto const lists = static_cast<std::int64_t>(r.heads.size());
    std::int64_t const question = r.prompt_tokens - r.compacted_tokens;
    std::int64_t entries = 0;
    if (r.mode == budget_mode::prompt || r.budget == 1)
        for (head_receipt const& h : r.heads) {
            std::int64_t const before = h.slots + question, after = before + answer_tokens;
            entries += answer_tokens > 0 ? after + std::max(std::int64_t{8}, after / 8) : before;
        }
    else
        entries =
            total_slots(r.budget, r.compacted_tokens + (r.mode == budget_mode::capped ? 0 : answer_tokens), lists) +
            lists * question;
    return payload_bytes(entries, r.head_dim, r.bits);
}

/// The first thing wrong with the byte counts.
[[nodiscard]] KVT_DECL std::string bytes_problem(receipt const& r, cache_facts const& facts) {
    std::int64_t sum = 0;
    for (head_receipt const& h : r.heads) sum += h.bytes;
    std::int64_t const question = r.prompt_tokens - r.compacted_tokens;
    std::int64_t const token = payload_bytes(static_cast<std::int64_t>(r.heads.size()), r.head_dim, r.bits);
    if (r.bytes_full != r.compacted_tokens * token) return "bytes_full is not that of a full cache";
    if (r.bytes_kept != sum) return "bytes_kept is not the sum over heads";
    if (r.bytes_peak < r.bytes_kept) return "bytes_peak is below bytes_kept";
    if (r.bytes_peak < r.bytes_kept + question * token) return "bytes_peak leaves the question no room";
    bool const capped = r.mode == budget_mode::capped && r.budget < 1;  // whatever the answer's length
    if (capped && r.bytes_peak > most_bytes(r, 0)) return "more was allocated than the cap allows";
    if (facts.answer_tokens && r.bytes_peak > most_bytes(r, *facts.answer_tokens))
        return "more was allocated than an answer of " + std::to_string(*facts.answer_tokens) + " tokens takes";
    return {};
}

/// The first thing wrong with the sizes everything else is computed from.
[[nodiscard]] KVT_DECL std::string terms_problem(receipt const& r, cache_facts const& facts) {
    constexpr std::int64_t most_tokens = 1 << 28, most_lists = 1 << 14, most_dim = 1 << 14,
                           most_bits = 32;  // products fit
    if (!(r.budget > 0 && r.budget <= 1)) return "budget is outside (0, 1]";
    if (r.compacted_tokens < 1 || r.prompt_tokens < r.compacted_tokens || r.prompt_tokens > most_tokens)
        return "token counts make no sense";
    if (r.question == question_mode::query_aware && r.prompt_tokens != r.compacted_tokens)
        return "query_aware, but not the whole prompt was compacted";
    if (r.head_dim < 1 || r.head_dim > most_dim || r.bits < 1 || r.bits > most_bits)
        return "head_dim or bits make no sense";
    if (r.heads.empty() || r.heads.size() > most_lists) return "no heads, or too many";
    if (facts.answer_tokens && (*facts.answer_tokens < 0 || *facts.answer_tokens > most_tokens - r.prompt_tokens))
        return "the answer's length makes no sense";
    if (facts.head_dim != 0 && facts.head_dim != r.head_dim) return "head_dim is not the model's";
    if (facts.bits != 0 && facts.bits != r.bits) return "bits are not the cache's";
    if (!facts.model_hash.empty() && facts.model_hash != r.model_hash) return "model_hash is another model's";
    if (!facts.prompt_hash.empty() && facts.prompt_hash != r.prompt_hash) return "prompt_hash is another prompt's";
    return {};
}

}  // namespace detail

KVT_DECL std::optional<std::string> verify(receipt const& r, cache_facts const& facts) {
    if (auto problem = detail::terms_problem(r, facts); !problem.empty()) return problem;
    auto const lists = static_cast<std::int64_t>(r.heads.size());
    head_receipt const& end = r.heads.back();
    if (end.layer < 0 || end.layer >= lists || end.kv_head < 0 || end.kv_head >= lists) return "heads are missing";
    std::int64_t const layers = end.layer + 1, kv_heads = end.kv_head + 1;
    if (layers * kv_heads != lists) return "heads are missing";
    if (facts.layers != 0 && facts.layers != layers) return "the model has " + std::to_string(facts.layers) + " layers";
    if (facts.kv_heads != 0 && facts.kv_heads != kv_heads)
        return "the model has " + std::to_string(facts.kv_heads) + " KV heads";
    auto const slots = distribute(r.budget, r.compacted_tokens, layers, kv_heads);
    for (std::size_t i = 0; i < r.heads.size(); ++i) {
        head_receipt const& h = r.heads[i];
        std::string const where = "layer " + std::to_string(h.layer) + ", head " + std::to_string(h.kv_head) + " ";
        auto const at = static_cast<std::int64_t>(i);
        if (h.layer != at / kv_heads || h.kv_head != at % kv_heads) return where + "is out of order";
        if (auto problem = detail::head_problem(r, h, slots[i]); !problem.empty()) return where + problem;
    }
    if (auto problem = detail::bytes_problem(r, facts); !problem.empty()) return problem;
    if (r.config_hash != hash_terms(r)) return "config_hash does not follow from the terms";
    if (r.hash != hash_receipt(r)) return "hash does not follow from the contents";
    return std::nullopt;
}

KVT_DECL std::optional<std::string> verify_text(std::string_view text, cache_facts const& facts) {
    try {
        auto const r = from_json<receipt>(parse_json(text, "receipt"), "receipt");
        if (auto problem = verify(r, facts)) return problem;
        if (receipt_text(r) != text) return "its text is not canonical";
    } catch (error const& e) {
        return e.what();
    }
    return std::nullopt;
}

}  // namespace kvt::inline KVT_ABI::cache
