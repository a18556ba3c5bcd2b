// observation: what a policy may know about attention, gathered while the transformer runs, and nothing more.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/model/attention_observer.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// What a policy needs to have observed. The default: nothing, which costs nothing.
struct observation_needs {
    bool column_sums = false;    ///< per query head and entry: attention received, summed over all queries so far
    std::int32_t last_rows = 0;  ///< per query head: the attention of this many last queries over all entries

    /// The least that serves both.
    [[nodiscard]] constexpr observation_needs with(observation_needs other) const {
        return {column_sums || other.column_sums, last_rows < other.last_rows ? other.last_rows : last_rows};
    }
    /// Whether somebody who needs `other` is served by this.
    [[nodiscard]] constexpr bool covers(observation_needs other) const {
        return (column_sums || !other.column_sums) && last_rows >= other.last_rows;
    }
    [[nodiscard]] constexpr bool nothing() const { return !column_sums && last_rows == 0; }
};
KVT_RECORD(observation_needs, column_sums, last_rows);

/// What was seen of one query head, slot by slot of its KV head's list.
struct observed_head {
    std::vector<double> sums;  ///< [slot]; query by query, so that no cut of the prompt changes a bit
    std::vector<std::vector<float>>
        rows;  ///< [query, oldest first][slot]; slots that came later are missing at the end

    void retain(std::span<std::int32_t const> slots) { *this = gathered(slots); }
    [[nodiscard]] observed_head gathered(std::span<std::int32_t const> slots) const;
};

/// A model::attention_observer. Follows evictions (`retain`), so that a policy which evicts at every step carries the
/// scores of its survivors on.
class observation {
  public:
    observation(std::int32_t layers, std::int32_t query_heads, std::int32_t kv_heads, observation_needs needs);

    [[nodiscard]] observation_needs needs() const { return needs_; }
    [[nodiscard]] std::int32_t group() const { return query_heads_ / kv_heads_; }

    /// Says where the pass about to run ends (one past its last position): rows are kept of the last queries before it.
    void expect(std::int32_t end) { end_ = end; }

    [[nodiscard]] bool wants(std::int32_t, std::int32_t first_position, std::int32_t rows) const {
        return needs_.column_sums || (needs_.last_rows > 0 && first_position + rows > end_ - needs_.last_rows);
    }
    void attention(model::attention_block const& block);

    /// The query heads that share one KV head.
    [[nodiscard]] std::span<observed_head const> of(std::int32_t layer, std::int32_t kv_head) const {
        return {heads_.data() + index(layer, kv_head * group()), static_cast<std::size_t>(group())};
    }
    /// Keeps the given slots of one KV head's list and forgets the others.
    void retain(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots);
    /// An empty one for the same model.
    [[nodiscard]] observation like(observation_needs needs) const;
    /// A new observation of the given slots of every list (`kept[layer * kv_heads + kv_head]`), cut down to `needs`,
    /// which this one covers.
    [[nodiscard]] observation gathered(std::span<std::vector<std::int32_t> const> kept, observation_needs needs) const;
    [[nodiscard]] std::int64_t bytes() const;

  private:
    [[nodiscard]] std::size_t index(std::int32_t layer, std::int32_t query_head) const {
        return static_cast<std::size_t>(layer) * static_cast<std::size_t>(query_heads_) +
               static_cast<std::size_t>(query_head);
    }
    static void add_sums(observed_head& head, model::attention_block const& block);
    void add_row(observed_head& head, model::attention_block const& block, std::int32_t r) const;

    std::int32_t query_heads_, kv_heads_;
    observation_needs needs_;
    std::int32_t end_ = 0;
    std::vector<observed_head> heads_;
};

static_assert(model::attention_observer<observation>);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/observation.ipp>
#endif
