// resident_set: what one request holds in memory from the end of prefill to its last token, kept within its budget.
#pragma once

#include <kvt/cache/any_policy.hpp>
#include <kvt/cache/kv_cache.hpp>
#include <kvt/cache/receipt.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// What a request asks of its cache.
struct terms {
    any_policy policy;
    double budget = 1;
    budget_mode mode = budget_mode::prompt;
    question_mode question = question_mode::query_aware;
    std::int64_t seed = 0;
    std::string item;  ///< names the prompt in random streams
};

/// Slots of every list of a prompt; throws `error{usage}` where the policy `full` is asked to drop entries and where a
/// list would be left without any.
[[nodiscard]] std::vector<std::int64_t> planned_slots(terms const& t, std::int64_t tokens, std::int64_t layers,
                                                      std::int64_t kv_heads);

/// The slots of every list that stay: `[layer * kv_heads + kv_head]`. `slots` says how many.
[[nodiscard]] std::vector<std::vector<std::int32_t>> choose(terms const& t, kv_cache const& cache,
                                                            observation const& seen,
                                                            std::span<std::int64_t const> slots);

/// The cache of a request after compaction. Between two calls of the transformer the engine asks it to make room; in
/// mode `capped` and `ratio_tracking` an entry leaves before the next one comes, so the budget is never exceeded.
/// The question of a query_agnostic request stays whole and does not count. Budget 1 is no compression in every mode.
class resident_set {
  public:
    /// Compacts a prefilled cache and what was observed of it, which stay as they are: the kept entries are copied into
    /// allocations of exactly their size.
    resident_set(terms t, kv_cache const& full, observation const& seen);

    [[nodiscard]] kv_cache& cache() { return cache_; }
    [[nodiscard]] observation& observer() { return seen_; }  ///< wants nothing where the budget does not bind any more
    [[nodiscard]] std::vector<std::int64_t> const& slots() const { return slots_; }

    /// Before the question's `count` tokens at `first_position` are run (query_agnostic).
    void begin_question(std::int32_t first_position, std::int32_t count);
    /// Before one more answer token is run.
    void make_room();
    /// After each run: notes what is allocated.
    void note();

    /// The budget's, heads' and bytes' part of the receipt, read from the cache right after compaction; `bytes_peak`
    /// is up to date. Model, prompt and hashes are the engine's to fill in (`seal`).
    [[nodiscard]] cache::receipt receipt() const;

  private:
    [[nodiscard]] bool binds() const { return terms_.mode != budget_mode::prompt && terms_.budget < 1; }
    void make_room_in(std::int32_t layer, std::int32_t kv_head, std::int32_t slots);

    terms terms_;
    std::int64_t tokens_;  ///< that the budget is a fraction of: compacted ones and, later, the answer's
    std::vector<std::int64_t> slots_;
    kv_cache cache_;
    observation seen_;
    std::int32_t question_first_ = 0, question_count_ = 0;
    cache::receipt receipt_;
};

/// Completes a receipt: model, prompt, terms and its own hash.
void seal(receipt& r, std::string model_hash, std::string prompt_hash, std::int64_t prompt_tokens);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/resident_set.ipp>
#endif
